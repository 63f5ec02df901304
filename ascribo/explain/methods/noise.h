// SPDX-License-Identifier: MIT
// What smooth_grad, square_grad and var_grad share: a gradient method on noisy copies of a text.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "ascribo/base/options.h"
#include "ascribo/explain/method.h"
#include "ascribo/explain/methods/samples.h"
#include "ascribo/explain/scorer.h"

namespace ascribo {

/// What a noisy copy is explained by.
enum class NoisyMethod { kSaliency, kInputXGradient, kIntegratedGradients };

template <>
struct EnumNames<NoisyMethod> {
  static constexpr std::array<std::string_view, 3> kNames = {"saliency", "input_x_gradient",
                                                             "integrated_gradients"};
};

/// What a standard deviation of noise is a multiple of: that of the text's own values, over all its
/// tokens and dimensions, or 1.
enum class NoiseScale { kRelative, kAbsolute };

template <>
struct EnumNames<NoiseScale> {
  static constexpr std::array<std::string_view, 2> kNames = {"relative", "absolute"};
};

inline constexpr char kNoiseScaleHelp[] =
    "what noise is a multiple of: relative, the standard deviation of the text's own embeddings, "
    "or absolute, 1";

/// The standard deviation that `noise` comes to for values `[tokens, n]`.
double noise_deviation(double noise, NoiseScale scale, const Tensor& values);

/// to = values + normal noise, drawn for the request's seed, the text, the sample and the token.
void add_noise(const Tensor& values, double deviation, const Task& task, std::int64_t sample,
               Tensor& to);

/// The options of the three methods.
std::vector<OptionInfo> noise_options();
/// And how other libraries compute them.
std::vector<Recipe> noise_recipes();

/// Runs one of them: `statistic` over noisy copies, dimension by dimension, then reduced. Errors:
/// kInvalidArgument also for options of integrated gradients where another method is meant.
void run_noise(std::string_view method, Statistic statistic, const OptionValues& given,
               std::span<Task> tasks, Scorer& scorer);

}  // namespace ascribo
