// SPDX-License-Identifier: GPL-3.0-or-later
#include <webp/encode.h>
#include <webp/mux.h>

#include "app/export/animation_encoder.h"

namespace viva {
namespace {

/// From 0, quick, to 9, small: at 2 a plot of 960 x 600 takes a few hundredths of a second.
constexpr int kLosslessLevel = 2;

class WebpEncoder : public AnimationEncoder {
 public:
  explicit WebpEncoder(const AnimationSettings& settings)
      : milliseconds_(1000.0 / settings.frames_per_second), plays_(settings.loop ? 0 : 1) {}

  void add(const std::uint8_t* pixels, int width, int height, int bytes_per_row) override {
    if (!encoder_) {
      WebPAnimEncoderOptions options;
      if (!WebPAnimEncoderOptionsInit(&options)) fail();
      options.anim_params.loop_count = plays_;
      encoder_.reset(WebPAnimEncoderNew(width, height, &options));
      if (!encoder_) fail();
    }
    WebPConfig config;
    WebPPicture picture;
    if (!WebPConfigInit(&config) || !WebPConfigLosslessPreset(&config, kLosslessLevel) ||
        !WebPPictureInit(&picture))
      fail();
    picture.use_argb = 1;
    picture.width = width;
    picture.height = height;
    const bool added = WebPPictureImportBGRX(&picture, pixels, bytes_per_row) &&
                       WebPAnimEncoderAdd(encoder_.get(), &picture, timestamp(), &config);
    WebPPictureFree(&picture);
    if (!added) fail();
    ++frames_;
  }

  void write(FileWriter& file) override {
    WebPData data;
    WebPDataInit(&data);
    const bool whole = encoder_ &&
                       WebPAnimEncoderAdd(encoder_.get(), nullptr, timestamp(), nullptr) &&
                       WebPAnimEncoderAssemble(encoder_.get(), &data);
    if (!whole) {
      WebPDataClear(&data);
      fail();
    }
    const std::unique_ptr<WebPData, void (*)(WebPData*)> held(&data, WebPDataClear);
    file.write({reinterpret_cast<const char*>(data.bytes), data.size});
  }

 private:
  struct Delete {
    void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
  };
  int timestamp() const { return static_cast<int>(frames_ * milliseconds_); }
  [[noreturn]] void fail() const {
    const std::string why = encoder_ ? WebPAnimEncoderGetError(encoder_.get()) : "libwebp";
    throw RunError({"command.error.no_animation", {{"format", "webp"}, {"reason", why}}});
  }

  double milliseconds_;
  int plays_;  // 0: for ever
  int frames_ = 0;
  std::unique_ptr<WebPAnimEncoder, Delete> encoder_;
};

}  // namespace

std::unique_ptr<AnimationEncoder> webpEncoder(const AnimationSettings& settings) {
  return std::make_unique<WebpEncoder>(settings);
}

}  // namespace viva
