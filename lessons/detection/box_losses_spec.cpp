// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "lessons/core/claim.h"
#include "lessons/core/number_text.h"
#include "lessons/detection/box_losses.h"
#include "lessons/detection/lessons.h"

namespace viva {
namespace {

const std::string kId = "box-losses";
const std::string kProgram = "resources/lessons/object-detection/box_losses.py";

/// What falls to the loss of plain IoU: nothing. The others arrive.
bool onlyIouStandsStill(const Descent& now) {
  return now.iouOf(BoxLoss::Iou) == 0 && now.iouOf(BoxLoss::Giou) > 0.8 &&
         now.iouOf(BoxLoss::Diou) > 0.8 && now.iouOf(BoxLoss::Ciou) > 0.8;
}

/// One box inside the other: the box around both is the larger one, and GIoU is IoU.
bool onlyCentresMove(const Descent& now) {
  return std::abs(now.iouOf(BoxLoss::Giou) - now.iouOf(BoxLoss::Iou)) < 1e-9 &&
         now.distanceOf(BoxLoss::Diou) < 0.8 * now.distanceOf(BoxLoss::Iou);
}

/// Equal centres: DIoU is IoU, and only CIoU sees the shape.
bool theShapeHelps(const Descent& now) {
  return std::abs(now.iouOf(BoxLoss::Diou) - now.iouOf(BoxLoss::Iou)) < 1e-9 &&
         now.iouOf(BoxLoss::Ciou) > now.iouOf(BoxLoss::Diou) + 0.1;
}

const Claims<Descent> kClaims{
    {"disjoint", 450, onlyIouStandsStill, When::Until},
    {"nested", 75, onlyCentresMove, When::Once},
    {"aspect-ratio", 50, theShapeHelps, When::Until},
};

std::vector<RecordSpec> records(const Parameters&) {
  std::vector<RecordSpec> records;
  for (const BoxLoss loss : kBoxLosses)
    for (const char* quantity : {"/iou", "/loss", "/distance"})
      records.push_back({nameOf(loss) + quantity, ""});
  return records;
}

std::optional<Message> validate(const Parameters& p) {
  for (const auto& [name, box] : {std::pair{"box", p[kStartBox]}, {"target", p[kTargetBox]}})
    if (box.x1 - box.x0 < 0.05 || box.y1 - box.y0 < 0.05)
      return Message{"error.boxes.flat", {{"name", std::string(name)}}};
  return {};
}

std::vector<Preset> presets() {
  return {
      preset("disjoint").lasting(450).showing("plane", {"iou", "distance"}),
      preset("nested")
          .with({{"box", "1,1,9,9"}, {"target", "5.5,5.5,8,8"}, {"lr", "0.5"}})
          .lasting(75)
          .showing("plane", {"distance", "iou"})
          .about({nameOf(BoxLoss::Iou), nameOf(BoxLoss::Giou), nameOf(BoxLoss::Diou)}),
      preset("aspect-ratio")
          .with({{"box", "2,4,8,6"}, {"target", "4,2,6,8"}, {"lr", "0.5"}})
          .lasting(50)
          .showing("plane", {"iou", "measures"})
          .about({nameOf(BoxLoss::Iou), nameOf(BoxLoss::Diou), nameOf(BoxLoss::Ciou)}),
  };
}

}  // namespace

VerdictData boxLossesVerdict(const std::string& preset, std::int64_t step, const Descent& now) {
  Arguments numbers;
  for (const BoxLoss loss : kBoxLosses) {
    numbers.emplace_back(nameOf(loss), readable(now.iouOf(loss)));
    numbers.emplace_back(nameOf(loss) + "_distance", readable(now.distanceOf(loss)));
  }
  return judged(kId, kClaims, preset, step, now, std::move(numbers));
}

const ExperimentSpec& boxLosses() {
  static const ExperimentSpec spec = [] {
    ExperimentSpec made;
    made.id = kId;
    made.parameters = {kStartBox, kTargetBox, kBoxRate};
    made.records = records;
    made.validate = validate;
    made.uses_randomness = [](const Parameters&) { return false; };
    made.views = {plane("plane")
                      .xAxis("axis.plane_x")
                      .yAxis("axis.plane_y")
                      .dragging({"box", "target"})
                      .equalScale(),
                  series("iou", {"*/iou"}).yAxis("axis.iou"),
                  series("distance", {"*/distance"}).yAxis("axis.centre_distance"),
                  series("loss", {"*/loss"}).yAxis("axis.box_loss").small(),
                  table("measures").small(),
                  verdict("verdict")};
    made.checks = {"autograd"};
    made.presets = presets();
    made.claims = claimsOf(kClaims);
    made.default_steps = 450;
    made.sources = {"lessons/detection/box_losses.cpp", "lessons/detection/box_measures.cpp"};
    made.equivalent = kProgram;
    made.make = makeBoxLosses;
    return made;
  }();
  return spec;
}

}  // namespace viva
