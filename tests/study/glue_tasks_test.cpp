// SPDX-License-Identifier: MIT
// The tasks of GLUE; tests/cases/train_glue.case has each with its files.
#include "ascribo/study/glue_tasks.h"

#include <gmock/gmock.h>

#include "ascribo/base/error.h"
#include "tests/explain/errors.h"

namespace ascribo::test {
namespace {

TEST(GlueTasks, SayWhereTextsAndLabelsAre) {
  FineTuning request;
  use_glue_task("cola", "data", request);
  EXPECT_EQ(request.train, "data/train.tsv");
  EXPECT_EQ(request.dev, "data/dev.tsv");
  EXPECT_EQ(request.columns.text, "3");
  EXPECT_EQ(request.columns.label, "1");
  EXPECT_FALSE(request.columns.pair);
  EXPECT_EQ(request.options.metric, "matthews");
  EXPECT_EQ(request.objective, Objective::kLabel);
}

TEST(GlueTasks, LeaveAMetricThatIsAskedFor) {
  FineTuning request;
  request.options.metric = "loss";
  use_glue_task("stsb", "data", request);
  EXPECT_EQ(request.options.metric, "loss");
  EXPECT_EQ(request.objective, Objective::kNumber);
  EXPECT_EQ(request.columns.pair, "sentence2");
}

TEST(GlueTasks, AreAskedForByName) {
  FineTuning request;
  EXPECT_EQ(error_of(Code::kUnknownName, [&] { use_glue_task("sst", "data", request); }),
            "[task] \"sst\" was given; expected sst2, cola, mrpc, stsb, qqp, mnli, qnli, rte or "
            "wnli. Hint: did you mean \"sst2\"?");
}

}  // namespace
}  // namespace ascribo::test
