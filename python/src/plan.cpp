// SPDX-License-Identifier: MIT
// What explaining would take.
#include "bindings.h"
#include "watch.h"

namespace ascribo::python {
namespace {

nb::dict dict_of(const MethodPlan& plan) {
  nb::dict found;
  found["method"] = plan.method;
  found["forwards"] = plan.forwards;
  found["backwards"] = plan.backwards;
  found["forward_tokens"] = plan.cost.forward_tokens;
  found["backward_tokens"] = plan.cost.backward_tokens;
  found["seconds"] = plan.cost.seconds;
  found["at_most"] = plan.at_most;
  return found;
}

nb::list list_of(const std::vector<MethodPlan>& plans) {
  nb::list found;
  for (const MethodPlan& each : plans) found.append(dict_of(each));
  return found;
}

nb::dict dict_of(const Plan& plan) {
  nb::list texts;
  for (const TextPlan& each : plan.texts) {
    nb::dict text;
    text["text"] = each.input.text;
    text["pair"] = each.input.pair;
    text["id"] = each.input.id;
    text["tokens"] = each.tokens;
    text["units"] = each.units;
    text["targets"] = each.targets;
    text["methods"] = list_of(each.methods);
    texts.append(text);
  }
  nb::dict memory;
  memory["weights"] = plan.memory.weights;
  memory["packed"] = plan.memory.packed;
  memory["batches"] = plan.memory.batches;
  nb::dict found;
  found["texts"] = texts;
  found["total"] = list_of(plan.total);
  found["memory"] = memory;
  return found;
}

nb::dict plan(const Subject& self, const std::vector<Input>& inputs, const Request& request) {
  Watch watch{nb::none()};
  std::size_t next = 0;
  Subject::Stream stream;
  stream.next = [&]() -> std::optional<Input> {
    if (next == inputs.size()) return std::nullopt;
    return inputs[next++];
  };
  stream.progress = watch.callback();
  stream.total = static_cast<std::int64_t>(inputs.size());
  Plan found;
  watch.run([&] { found = self.plan(stream, request); });
  return dict_of(found);
}

}  // namespace

void bind_subject_planning(nb::class_<Subject>& subject) {
  subject.def("plan", &plan, "inputs"_a, "request"_a,
              nb::sig("def plan(self, inputs: collections.abc.Sequence[Input], request: Request) "
                      "-> dict[str, typing.Any]"));
}

}  // namespace ascribo::python
