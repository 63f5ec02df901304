// SPDX-License-Identifier: MIT
// Finds a checkpoint's chat template and has Jinja apply it.
#include "ascribo/text/chat_template.h"

#include <optional>
#include <string_view>
#include <utility>

#include "ascribo/base/child_process.h"
#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/utf8.h"
#include "ascribo/io/config.h"
#include "ascribo/io/text_file.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWithout = "pass the prompt as the model expects it, without --chat";

// Long templates take milliseconds; one that runs on is stopped.
constexpr double kSeconds = 20;

// Environment, filters and functions are those of transformers' render_jinja_template. Lines of
// JSON: the template and the tokens first, then conversations.
constexpr const char* kScript = R"(
import json, os, sys

def answer(**fields):
    print(json.dumps(fields), flush=True)

sys.stderr = open(os.devnull, "w")
try:
    import jinja2
    import jinja2.ext
    from jinja2.sandbox import ImmutableSandboxedEnvironment
except ImportError:
    answer(missing=True)
    sys.exit()

class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        call = self.call_method("_render")
        return jinja2.nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()

def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)

def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators,
                      sort_keys=sort_keys)

def strftime_now(form):
    import datetime
    return datetime.datetime.now().strftime(form)

def line_of(error):
    if isinstance(error, jinja2.exceptions.TemplateSyntaxError):
        return error.lineno
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line

def guarded(action):
    try:
        return action()
    except Exception as error:
        answer(error=str(error) or type(error).__name__, line=line_of(error))

environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
environment.filters["tojson"] = tojson
environment.globals["raise_exception"] = raise_exception
environment.globals["strftime_now"] = strftime_now
setup = json.loads(sys.stdin.buffer.readline())
template = guarded(lambda: environment.from_string(setup["template"]))
if template is None:
    sys.exit()
answer(ready=True)
for line in sys.stdin.buffer:
    text = guarded(lambda: template.render(
        messages=json.loads(line), tools=None, documents=None, add_generation_prompt=True,
        **setup["tokens"]))
    if text is not None:
        answer(text=text)
)";

struct Source {
  std::string text, where;
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (&line == lines.data() ? "" : "\n") + line;
  return text;
}

// A template, or a list of templates with names.
std::string chosen(const Json& entry, const std::string& where) {
  if (entry.is_string()) return std::string(entry.string());
  std::vector<std::string> names;
  std::optional<std::string> found;
  entry.elements([&](const Json& each) {
    names.emplace_back(each.at("name").string());
    if (names.back() == "default") found = each.at("template").string();
  });
  if (found) return *found;
  fail(Code::kUnsupported, "chat", where + " has the chat templates " + listed(names),
       "expected one called default", kWithout);
}

Source find_source(const fs::path& folder) {
  std::error_code ignored;
  const fs::path file = folder / "chat_template.jinja";
  if (fs::exists(file, ignored)) return {joined(read_lines(file)), file.string()};
  for (const char* name : {"chat_template.json", "tokenizer_config.json"}) {
    const std::optional<Json> config = find_config(folder, name);
    const auto entry = config ? config->find("chat_template") : std::nullopt;
    const std::string where = (folder / name).string();
    if (entry) return {chosen(*entry, where), where};
  }
  fail(Code::kNotFound, "chat", folder.string() + " has no chat template",
       "expected chat_template in tokenizer_config.json, or chat_template.jinja", kWithout);
}

std::string setup_line(const std::string& text, const Tokenizer& tokenizer) {
  const SpecialTokens& special = tokenizer.special_tokens();
  JsonWriter json;
  json.begin_object().key("template").value(text).key("tokens").begin_object();
  const std::pair<const char*, std::optional<std::int64_t>> roles[] = {
      {"bos_token", special.bos},  {"eos_token", special.eos}, {"unk_token", special.unk},
      {"pad_token", special.pad},  {"cls_token", special.cls}, {"sep_token", special.sep},
      {"mask_token", special.mask}};
  for (const auto& [name, id] : roles) {
    if (id) json.key(name).value(tokenizer.token(*id));
  }
  json.end_object().end_object();
  return json.str();
}

}  // namespace

struct ChatTemplate::State {
  Source source;
  std::string setup;
  std::unique_ptr<ChildProcess> process;  // null until it is needed, and after it failed

  Json ask(const std::string& line);
  void start();
  [[noreturn]] void fail_in_template(const Json& answer) const;
};

Json ChatTemplate::State::ask(const std::string& line) {
  const std::optional<std::string> text = process->ask(line, kSeconds);
  if (!text) {
    process.reset();
    fail(Code::kBadCheckpoint, "chat", "the chat template in " + source.where + " does not finish",
         "expected one that takes a moment", kWithout);
  }
  Json answer = Json::parse(*text, "chat");
  if (answer.find("missing")) {
    process.reset();
    fail(Code::kUnsupported, "chat", "python3 is there, but not its jinja2",
         "expected Jinja, whose language chat templates are written in",
         std::string("apt install python3-jinja2, or ") + kWithout);
  }
  if (answer.find("error")) fail_in_template(answer);
  return answer;
}

void ChatTemplate::State::fail_in_template(const Json& answer) const {
  const auto line = answer.find("line");
  fail(Code::kBadCheckpoint, "chat",
       (line ? "line " + std::to_string(line->integer()) + " of the" : std::string("the")) +
           " chat template in " + source.where +
           " says: " + std::string(answer.at("error").string()),
       "expected a template for these messages", kWithout);
}

void ChatTemplate::State::start() {
  process = ChildProcess::start({"python3", "-I", "-B", "-c", kScript});
  if (process == nullptr) {
    fail(Code::kUnsupported, "chat", "there is no python3",
         "expected Python with Jinja, whose language chat templates are written in",
         std::string("apt install python3-jinja2, or ") + kWithout);
  }
  try {
    ask(setup);
  } catch (...) {
    process.reset();
    throw;
  }
}

ChatTemplate::ChatTemplate(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChatTemplate::~ChatTemplate() = default;

std::unique_ptr<ChatTemplate> ChatTemplate::open(const fs::path& folder,
                                                 const Tokenizer& tokenizer) {
  auto state = std::make_unique<State>();
  state->source = find_source(folder);
  state->setup = setup_line(state->source.text, tokenizer);
  return std::unique_ptr<ChatTemplate>(new ChatTemplate(std::move(state)));
}

std::string ChatTemplate::apply(const std::vector<ChatMessage>& messages) {
  JsonWriter json;
  json.begin_array();
  for (const ChatMessage& message : messages) {
    require_utf8(message.content, message.role);
    json.begin_object().key("role").value(message.role);
    json.key("content").value(message.content).end_object();
  }
  json.end_array();
  if (state_->process == nullptr) state_->start();
  return std::string(state_->ask(json.str()).at("text").string());
}

}  // namespace ascribo
