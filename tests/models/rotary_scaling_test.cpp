// SPDX-License-Identifier: MIT
// Scaled rotary frequencies against transformers, in both styles of config.json; every refusal.
#include "ascribo/models/rotary_scaling.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/models/relative_positions.h"

namespace ascribo {
namespace {

RotaryScaling read(const std::string& config, double default_theta = 10000) {
  return read_rotary_scaling(Json::parse(config, "config.json"), default_theta);
}

std::string refusal(const std::string& config, Code code = Code::kBadCheckpoint) {
  try {
    read(config);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "not refused";
}

struct Known {
  std::string name, config;
  double attention_factor;
  std::vector<double> frequencies;  // of heads of 16
};

// Printed by transformers 5.23.0: ROPE_INIT_FUNCTIONS[rope_type](LlamaConfig(hidden_size=64,
// num_attention_heads=4, rope_parameters=...), "cpu") with the parameters that stand here.
const std::vector<Known>& known() {
  static const std::vector<Known> all{
      {"linear",
       R"({"rope_parameters": {"rope_type": "linear", "factor": 4.0}})",
       1.0,
       {0.25, 0.079056941, 0.0250000004, 0.00790569466, 0.00249999994, 0.000790569466,
        0.000250000012, 7.90569466e-05}},
      {"llama3",
       R"({"max_position_embeddings": 131072, "rope_parameters": {"rope_type": "llama3",
         "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
         "original_max_position_embeddings": 8192}})",
       1.0,
       {1, 0.193922758, 0.0376060307, 0.00729266508, 0.000524846022, 3.42810235e-05, 6.64786967e-06,
        1.28917316e-06}},
      {"llama3, old",
       R"({"max_position_embeddings": 4096, "rope_theta": 10000, "rope_scaling":
         {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1, "high_freq_factor": 4,
         "original_max_position_embeddings": 512}})",
       1.0,
       {1, 0.316227764, 0.100000001, 0.0170903075, 0.000312499993, 9.88211832e-05, 3.12500015e-05,
        9.88211832e-06}},
      {"yarn, old",
       R"({"rope_theta": 1000000.0, "rope_scaling": {"type": "yarn", "factor": 4.0,
         "original_max_position_embeddings": 32768}})",
       1.138629436111989,
       {1, 0.177827939, 0.0316227786, 0.00421755994, 0.000500000024, 4.44569851e-05, 7.90569356e-06,
        1.40585337e-06}},
      {"yarn, bounds within pairs",
       R"({"rope_parameters": {"rope_type": "yarn", "factor": 40.0,
         "rope_theta": 10000.0, "original_max_position_embeddings": 4096, "beta_fast": 16,
         "beta_slow": 2, "mscale": 0.707, "mscale_all_dim": 1.0, "truncate": false}})",
       0.9210423553163399,
       {1, 0.316227764, 0.100000001, 0.0316227786, 0.00579010462, 0.000123952457, 2.49999994e-05,
        7.90569447e-06}},
      {"yarn, stated attention factor",
       R"({"max_position_embeddings": 4096, "rope_parameters":
         {"rope_type": "yarn", "rope_theta": 150000.0, "factor": 32.0, "attention_factor": 1.25,
         "beta_fast": 32, "beta_slow": 1, "mscale": 2.0}})",
       1.25,
       {1, 0.225418001, 0.0508132726, 0.00775546534, 0.000914454344, 1.8188337e-05, 4.09997847e-06,
        9.24208962e-07}},
      {"yarn, both bounds at the first pair",
       R"({"rope_parameters": {"rope_type": "yarn",
         "factor": 2.0, "original_max_position_embeddings": 4}})",
       1.0693147180559945,
       {1, 0.158113882, 0.0500000007, 0.0158113893, 0.00499999989, 0.00158113893, 0.000500000024,
        0.000158113893}}};
  return all;
}

TEST(RotaryScaling, FrequenciesAreThoseOfTransformers) {
  for (const Known& each : known()) {
    const RotaryScaling scaling = read(each.config);
    EXPECT_NEAR(scaling.attention_factor, each.attention_factor, 1e-6 * each.attention_factor)
        << each.name;
    const std::vector<float> actual = scaling.frequencies(16);
    ASSERT_EQ(actual.size(), each.frequencies.size());
    for (std::size_t d = 0; d < actual.size(); ++d) {
      EXPECT_NEAR(static_cast<double>(actual[d]), each.frequencies[d], 1e-6 * each.frequencies[d])
          << each.name << ", pair " << d;
    }
  }
}

TEST(RotaryScaling, AnglesCarryTheFrequenciesAndTheAttentionFactor) {
  const RotaryScaling scaling = read(known()[3].config);
  const RotaryAngles angles(16, scaling, Dtype::kF64);
  const Tensor table = angles.up_to(11);
  for (std::int64_t d = 0; d < 8; ++d) {
    const double angle = 10 * known()[3].frequencies[static_cast<std::size_t>(d)];
    EXPECT_NEAR(table.data<double>()[160 + d], std::cos(angle) * 1.138629436111989, 1e-5);
    EXPECT_NEAR(table.data<double>()[168 + d], std::sin(angle) * 1.138629436111989, 1e-5);
  }
}

TEST(RotaryScaling, ThetaIsWhereverAConfigStatesIt) {
  EXPECT_EQ(read("{}", 10000).theta, 10000);
  EXPECT_EQ(read("{}", 500).theta, 500);
  EXPECT_EQ(read(R"({"rope_theta": 7, "rope_scaling": null})").theta, 7);
  EXPECT_EQ(read(R"({"rope_theta": 7, "rope_parameters": {"rope_type": "default"}})").theta, 7);
  EXPECT_EQ(read(R"({"rope_theta": 7, "rope_parameters": {"rope_theta": 8}})").theta, 8);
  EXPECT_EQ(read(R"({"rope_scaling": {"type": "default"}})").kind, RotaryScaling::Kind::kDefault);
}

TEST(RotaryScaling, LengthOfTheFirstTraining) {
  const std::string rest = R"("rope_scaling": {"type": "yarn", "factor": 2)";
  const auto length = [](const std::string& config) {
    return read(config).original_max_position_embeddings;
  };
  EXPECT_EQ(length(R"({"max_position_embeddings": 64, )" + rest + "}}"), 64);
  EXPECT_EQ(length(R"({"max_position_embeddings": 64, )" + rest +
                   R"(, "original_max_position_embeddings": 32}})"),
            32);
  EXPECT_EQ(length(R"({"original_max_position_embeddings": 16, )" + rest +
                   R"(, "original_max_position_embeddings": 32}})"),
            16);
}

TEST(RotaryScaling, OtherKindsAreRefused) {
  EXPECT_EQ(refusal(R"({"rope_scaling": {"type": "dynamic", "factor": 2}})", Code::kUnsupported),
            "[config.json] rope_scaling.type is \"dynamic\"; expected \"default\", \"linear\", "
            "\"llama3\" or \"yarn\". Hint: texts of at most max_position_embeddings tokens need "
            "\"default\"");
  EXPECT_NE(refusal(R"({"rope_parameters": {"rope_type": "longrope"}})", Code::kUnsupported)
                .find("rope_parameters.rope_type is \"longrope\""),
            std::string::npos);
  EXPECT_EQ(refusal(R"({"rope_parameters": {"rope_type": "spiral"}})", Code::kUnsupported),
            "[config.json] rope_parameters.rope_type is \"spiral\"; expected \"default\", "
            "\"linear\", \"llama3\" or \"yarn\".");
  EXPECT_EQ(
      refusal(R"({"rope_parameters": {"full_attention": {"rope_theta": 5}}})", Code::kUnsupported),
      "[config.json] rope_parameters has parameters of its own for full_attention; expected "
      "the same for all layers.");
}

TEST(RotaryScaling, BadFieldsAreNamed) {
  const auto llama3 = [](const std::string& low, const std::string& high) {
    return R"({"max_position_embeddings": 64, "rope_scaling": {"type": "llama3", "factor": 2)" +
           low + high + "}}";
  };
  const auto yarn = [](const std::string& field) {
    return R"({"max_position_embeddings": 64, "rope_scaling": {"type": "yarn", "factor": 2, )" +
           field + "}}";
  };
  const std::string low = R"(, "low_freq_factor": 4)";
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"({"rope_theta": 0})", "rope_theta is 0; expected a number above 0"},
      {R"({"rope_theta": "big"})", "rope_theta is \"big\"; expected a number above 0"},
      {R"({"rope_scaling": 2})", "rope_scaling is 2; expected an object"},
      {R"({"rope_scaling": {"type": 2}})",
       "rope_scaling.type is 2; expected \"default\", \"linear\", \"llama3\" or \"yarn\""},
      {R"({"rope_scaling": {"type": "linear"}})",
       "rope_scaling.factor is missing; expected a number above 0"},
      {R"({"rope_parameters": {"rope_type": "linear", "factor": -1}})",
       "rope_parameters.factor is -1; expected a number above 0"},
      {R"({"rope_scaling": {"type": "yarn", "factor": 2}})",
       "rope_scaling.original_max_position_embeddings is missing; expected a number of at least 1"},
      {R"({"max_position_embeddings": 0, "rope_scaling": {"type": "yarn", "factor": 2}})",
       "max_position_embeddings is 0; expected a number of at least 1"},
      {llama3("", ""), "rope_scaling.low_freq_factor is missing; expected a number above 0"},
      {llama3(low, ""), "rope_scaling.high_freq_factor is missing; expected a number above 0"},
      {llama3(low, R"(, "high_freq_factor": 4)"),
       "rope_scaling.high_freq_factor is 4; expected more than low_freq_factor, 4"},
      {yarn(R"("rope_theta": 1)"), "rope_scaling.rope_theta is 1; expected a number above 1"},
      {yarn(R"("beta_slow": 64)"), "rope_scaling.beta_fast is 32; expected at least beta_slow"},
      {yarn(R"("beta_fast": 0.5)"), "rope_scaling.beta_fast is 0.5; expected at least beta_slow"},
      {yarn(R"("beta_slow": -1)"), "rope_scaling.beta_slow is -1; expected a number of at least 0"},
      {yarn(R"("mscale": true)"), "rope_scaling.mscale is true; expected a number of at least 0"},
      {yarn(R"("mscale_all_dim": -2)"),
       "rope_scaling.mscale_all_dim is -2; expected a number of at least 0"},
      {yarn(R"("attention_factor": 0)"),
       "rope_scaling.attention_factor is 0; expected a number above 0"},
      {yarn(R"("truncate": 1)"), "rope_scaling.truncate is 1; expected true or false"}};
  for (const auto& [config, message] : cases) {
    EXPECT_EQ(refusal(config), "[config.json] " + message + ".");
  }
}

}  // namespace
}  // namespace ascribo
