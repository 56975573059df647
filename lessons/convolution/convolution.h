// SPDX-License-Identifier: GPL-3.0-or-later
// Convolution by hand: a loop over the products of each output number, in double. Without LibTorch.
#pragma once

#include <cstdint>
#include <vector>

namespace viva {

/// Maps of one size, as a layer reads or writes them for a batch of one.
struct MapSize {
  std::int64_t channels = 1, rows = 1, columns = 1;

  std::int64_t positions() const { return rows * columns; }
  std::int64_t elements() const { return channels * positions(); }
  std::int64_t at(std::int64_t channel, std::int64_t row, std::int64_t column) const {
    return (channel * rows + row) * columns + column;
  }
  bool operator==(const MapSize&) const = default;
};

/// What torch.nn.Conv2d or ConvTranspose2d is told; square kernels, no bias.
struct ConvolutionShape {
  std::int64_t in = 1, out = 1;  ///< channels
  std::int64_t kernel = 1, stride = 1, padding = 0, dilation = 1, groups = 1;
  bool is_transposed = false;

  /// Pixels from the first to the last one under the kernel: dilation (kernel - 1) + 1.
  std::int64_t reach() const { return dilation * (kernel - 1) + 1; }
  /// Weights of the layer, kernel^2 in out / groups.
  std::int64_t parameters() const { return kernel * kernel * in / groups * out; }
  /// floor((size + 2 padding - reach) / stride) + 1 along each side, transposed
  /// (size - 1) stride - 2 padding + reach; below 1 where the kernel does not fit.
  MapSize outputOf(const MapSize& input) const;
  /// Multiplications of a weight with a pixel, those with the zeros of the padding among them;
  /// transposed, without those whose product is cut off by the padding.
  std::int64_t products(const MapSize& input) const;
  /// Of the weight between two channels at a place of the kernel, in the layout of torch:
  /// [out, in / groups, kernel, kernel], transposed [in, out / groups, kernel, kernel].
  std::int64_t weightAt(std::int64_t out_channel, std::int64_t in_channel, std::int64_t kernel_row,
                        std::int64_t kernel_column) const;
};

/// A product of an output number: the pixel and the weight.
struct Tap {
  std::int64_t channel = 0, row = 0, column = 0;  ///< of the input; beside it lies the padding
  std::int64_t weight = 0;                        ///< its index
  bool is_padding = false;
};

/// The products of the output number at `row`, `column` of `channel`, ordered by input channel, row
/// and column of the kernel.
std::vector<Tap> tapsOf(const ConvolutionShape& shape, const MapSize& input, std::int64_t channel,
                        std::int64_t row, std::int64_t column);

/// A layer at work: the output as far as it is computed, position by position in all channels.
struct ConvolutionLayer {
  ConvolutionShape shape;
  MapSize input, output;
  std::vector<double> weights, values;  ///< values: NaN where nothing is computed yet

  ConvolutionLayer(const ConvolutionShape& shape, const MapSize& input,
                   std::vector<double> weights);
  /// The sums at one position, all channels. The products that it took.
  std::int64_t compute(const std::vector<double>& pixels, std::int64_t position);
};

/// A layer, or two of which the second reads single pixels of the first (depthwise-separable).
class HandConvolution {
 public:
  HandConvolution(std::vector<double> pixels, std::vector<ConvolutionLayer> layers);

  /// The next position of the output, row by row. False: there is none left.
  bool computeNext();
  bool isFinished() const { return computed_ == layers_.back().output.positions(); }
  std::int64_t computed() const { return computed_; }  ///< positions
  std::int64_t products() const { return products_; }  ///< so far
  /// Of the last layer's newest position, all channels.
  std::int64_t newestProducts() const { return newest_products_; }
  const std::vector<double>& pixels() const { return pixels_; }
  const std::vector<ConvolutionLayer>& layers() const { return layers_; }
  const ConvolutionLayer& last() const { return layers_.back(); }
  const MapSize& input() const { return layers_.front().input; }
  /// What layer `index` reads.
  const std::vector<double>& readBy(std::size_t index) const {
    return index == 0 ? pixels_ : layers_[index - 1].values;
  }

 private:
  std::vector<double> pixels_;
  std::vector<ConvolutionLayer> layers_;
  std::int64_t computed_ = 0, products_ = 0, newest_products_ = 0;
};

}  // namespace viva
