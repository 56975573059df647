// SPDX-License-Identifier: GPL-3.0-or-later
// Fourteen nets against published counts and shapes, and against torchvision.
#include "lessons/backbones/networks.h"

#include <QFile>
#include <QTest>
#include <map>

#include "lessons/backbones/backbone_explorer.h"
#include "tests/fakes/refusal.h"
#include "tests/lessons/python_lines.h"

using namespace viva;
using namespace viva::tests;

namespace {

/// As torchvision.models calls those that it has.
const std::map<std::string, Backbone> kTorchvision{{"alexnet", Backbone::AlexNet},
                                                   {"vgg11", Backbone::Vgg11},
                                                   {"vgg16", Backbone::Vgg16},
                                                   {"googlenet", Backbone::GoogLeNet},
                                                   {"resnet18", Backbone::ResNet18},
                                                   {"resnet34", Backbone::ResNet34},
                                                   {"resnet50", Backbone::ResNet50},
                                                   {"densenet121", Backbone::DenseNet121},
                                                   {"mobilenet_v2", Backbone::MobileNetV2},
                                                   {"vit_b_16", Backbone::VitB16},
                                                   {"efficientnet_b0", Backbone::EfficientNetB0}};

BackboneRequest of(Backbone model, std::int64_t side = 0) {
  BackboneRequest request;
  request.model = model;
  request.side = side;
  return request;
}

/// The shape behind the last operation of a block.
std::vector<std::int64_t> behind(const Network& net, const std::string& block) {
  for (int place = net.last(); place > 0; --place)
    if (net.at(place).block == block) return net.shape(place);
  return {};
}

using Shape = std::vector<std::int64_t>;

}  // namespace

class NetworksTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void countsAreThePublishedOnes_data() {
    QTest::addColumn<int>("model");
    QTest::addColumn<qint64>("parameters");
    QTest::addColumn<qint64>("macs");
    const auto row = [](const char* name, Backbone model, qint64 parameters, qint64 macs) {
      QTest::newRow(name) << int(model) << parameters << macs;
    };
    row("LeNet-5", Backbone::LeNet5, 61706, 416520);
    row("AlexNet", Backbone::AlexNet, 61100840, 714188480);
    row("AlexNet of 2012", Backbone::AlexNet2012, 60965224, 724406816);
    row("VGG-11", Backbone::Vgg11, 132863336, 7609090048);
    row("VGG-16", Backbone::Vgg16, 138357544, 15470264320);
    row("GoogLeNet", Backbone::GoogLeNet, 6624904, 1498376192);
    row("ResNet-18", Backbone::ResNet18, 11689512, 1814073344);
    row("ResNet-34", Backbone::ResNet34, 21797672, 3663761408);
    row("ResNet-50", Backbone::ResNet50, 25557032, 4089184256);
    row("DenseNet-121", Backbone::DenseNet121, 7978856, 2834161664);
    row("MobileNetV1", Backbone::MobileNetV1, 4231976, 568740352);
    row("MobileNetV2", Backbone::MobileNetV2, 3504872, 300774272);
    row("EfficientNet-B0", Backbone::EfficientNetB0, 5288548, 385814752);
    row("ViT-B/16", Backbone::VitB16, 86567656, 17563828224);
  }
  void countsAreThePublishedOnes() {
    QFETCH(int, model);
    QFETCH(qint64, parameters);
    QFETCH(qint64, macs);
    const Totals totals = networkOf(of(Backbone(model))).totals();
    QCOMPARE(totals.parameters, parameters);
    QCOMPARE(totals.macs, macs);
  }

  void countsAreTorchvisionsAtAnyInputAndWidth() {
    QStringList requests;
    for (const auto& [name, model] : kTorchvision)
      for (const int side : {224, 160, 96})
        requests << QString("%1:%2:1").arg(name.c_str()).arg(side);
    requests << "mobilenet_v2:160:0.5"
             << "mobilenet_v2:224:1.4"
             << "mobilenet_v2:96:0.35"
             << "efficientnet_b1:240:1"
             << "efficientnet_b3:300:1"
             << "efficientnet_b7:64:1";
    const auto lines =
        runPython(QStringList{lessonProgram("cnn-backbones/backbone_explorer.py")} + requests)
            .lines;
    QCOMPARE(lines.size(), requests.size());
    for (qsizetype i = 0; i < lines.size(); ++i) {
      const auto words = lines[i].split(' ');
      const auto parts = requests[i].split(':');
      const std::string name = parts[0].toStdString();
      const bool is_scaled = name.rfind("efficientnet_b", 0) == 0;
      BackboneRequest request =
          of(is_scaled ? Backbone::EfficientNetB0 : kTorchvision.at(name), parts[1].toInt());
      if (is_scaled) request.phi = name.back() - '0';
      request.width = parts[2].toDouble();
      const Totals totals = networkOf(request).totals();
      QVERIFY2(totals.parameters == words[2].toLongLong(), lines[i].constData());
      QVERIFY2(totals.macs == words[3].toLongLong(), lines[i].constData());
    }
  }

  void shapesAreThePublishedOnes() {
    const auto vgg = networkOf(of(Backbone::Vgg16));
    QCOMPARE(behind(vgg, "conv1"), (Shape{64, 112, 112}));
    QCOMPARE(behind(vgg, "conv4"), (Shape{512, 14, 14}));
    const auto google = networkOf(of(Backbone::GoogLeNet));
    QCOMPARE(behind(google, "inception3a"), (Shape{256, 28, 28}));
    QCOMPARE(behind(google, "inception4d"), (Shape{528, 14, 14}));
    QCOMPARE(behind(google, "inception5b"), (Shape{1024, 7, 7}));
    const auto resnet = networkOf(of(Backbone::ResNet50));
    QCOMPARE(behind(resnet, "stem"), (Shape{64, 56, 56}));
    QCOMPARE(behind(resnet, "layer1.2"), (Shape{256, 56, 56}));
    QCOMPARE(behind(resnet, "layer4.2"), (Shape{2048, 7, 7}));
    const auto dense = networkOf(of(Backbone::DenseNet121));
    QCOMPARE(behind(dense, "denseblock1"), (Shape{256, 56, 56}));
    QCOMPARE(behind(dense, "transition1"), (Shape{128, 28, 28}));
    QCOMPARE(behind(dense, "denseblock4"), (Shape{1024, 7, 7}));
    const auto mobile = networkOf(of(Backbone::MobileNetV2));
    QCOMPARE(behind(mobile, "blocks.1"), Shape{});
    QCOMPARE(behind(mobile, "features.1"), (Shape{16, 112, 112}));
    QCOMPARE(behind(mobile, "features.17"), (Shape{320, 7, 7}));
    const auto old = networkOf(of(Backbone::AlexNet2012));
    QCOMPARE(behind(old, "conv1"), (Shape{96, 27, 27}));
    QCOMPARE(behind(old, "conv5"), (Shape{256, 6, 6}));
  }

  void aShortcutWithoutParametersHasThosePublished() {
    BackboneRequest request = of(Backbone::ResNet34);
    request.shortcut = Shortcut::ZeroPadding;
    QCOMPARE(networkOf(request).totals().parameters, 21623848);
  }

  void fullConvolutionsAreThoseOfTheMobileNetPaper() {
    const auto full = withFullConvolutions(networkOf(of(Backbone::MobileNetV1)));
    QVERIFY(full.has_value());
    QCOMPARE(full->otherwise.parameters, 29294088);
    QCOMPARE(full->otherwise.macs, 4867293184);
    QVERIFY(!withFullConvolutions(networkOf(of(Backbone::ResNet18))));
  }

  void pointwiseLayersDoTheShareOfTheMobileNetPaper() {
    const Shares shares = sharesOf(networkOf(of(Backbone::MobileNetV1)), isPointwise);
    QVERIFY(std::abs(shares.macs - 0.9486) < 5e-5);
    QVERIFY(std::abs(shares.parameters - 0.7419) < 5e-5);
  }

  void anInceptionBlockWithoutReductionsReadsAllItsChannels() {
    const auto wide = withoutReductions(networkOf(of(Backbone::GoogLeNet)));
    QVERIFY(wide.has_value());
    // Block 3a alone: 192 channels read directly, at 28 x 28.
    const std::int64_t direct = 9 * 192 * (128 + 32),
                       reduced = 192 * (96 + 16) + 9 * (96 * 128 + 16 * 32);
    QVERIFY(wide->otherwise.macs - wide->as_it_is.macs > (direct - reduced) * 28 * 28);
    QVERIFY(!withoutReductions(networkOf(of(Backbone::Vgg16))));
  }

  void whatANetCannotTakeIsRefused_data() {
    QTest::addColumn<int>("model");
    QTest::addColumn<int>("side");
    QTest::addColumn<QString>("key");
    QTest::newRow("LeNet-5") << int(Backbone::LeNet5) << 64 << "error.backbone.own_input";
    QTest::newRow("AlexNet of 2012")
        << int(Backbone::AlexNet2012) << 224 << "error.backbone.own_input";
    QTest::newRow("patches") << int(Backbone::VitB16) << 100 << "error.backbone.patches";
    QTest::newRow("too small") << int(Backbone::AlexNet) << 16 << "error.backbone.too_small";
  }
  void whatANetCannotTakeIsRefused() {
    QFETCH(int, model);
    QFETCH(int, side);
    QFETCH(QString, key);
    const Message message = fakes::refusalOf([&] { networkOf(of(Backbone(model), side)); });
    QCOMPARE(QString::fromStdString(message.key), key);
  }

  void aNetIsCalledByItsNameAndWhatItWasGiven() {
    BackboneRequest request = of(Backbone::EfficientNetB0);
    request.phi = 3;
    QCOMPARE(titleOf(request), std::string("EfficientNet-B3"));
    request = of(Backbone::MobileNetV2);
    request.width = 0.75;
    QCOMPARE(titleOf(request), std::string("MobileNetV2 ×0.75"));
    request = of(Backbone::ResNet34);
    request.shortcut = Shortcut::ZeroPadding;
    QCOMPARE(titleOf(request), std::string("ResNet-34 (A)"));
    QCOMPARE(titleOf(of(Backbone::VitB16)), std::string("ViT-B/16"));
  }

  void channelsOfAScaledNetAreMultiplesOfEight() {
    QCOMPARE(divisibleBy8(32 * 0.35), 16);  // 11.2: 8 would be more than a tenth below
    QCOMPARE(divisibleBy8(24 * 1.4), 32);
    QCOMPARE(divisibleBy8(1), 8);
    QCOMPARE(divisibleBy8(38.4), 40);
  }
};

QTEST_GUILESS_MAIN(NetworksTest)
#include "networks_test.moc"
