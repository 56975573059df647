// SPDX-License-Identifier: GPL-3.0-or-later
#include "lessons/protocols/protocol_trace.h"

#include <algorithm>

#include "lessons/protocols/a2a_conversation.h"
#include "lessons/protocols/conversation.h"
#include "lessons/protocols/mcp_conversation.h"
#include "lessons/protocols/viva_program.h"

namespace viva {
namespace {

constexpr std::int64_t kTooLong = 10'000'000;  ///< steps

class ProtocolTrace : public Experiment {
 public:
  ProtocolTrace(const Parameters& parameters, const RunContext& context)
      : preset_(context.preset), resend_(parameters[kResend]) {
    vivaProgram();  // what is missing is said before anything begins
    state_.scene = parameters[kTraceScene];
    TraceTask task = traceTask(context.seed, parameters[kTraceSteps]);
    // So long that the tool is at work when it is killed.
    if (state_.scene == TraceScene::KilledTool) task.first_try = kTooLong;
    for (const std::string& id : conversationsOf(state_.scene))
      conversations_.push_back(made(id, task, parameters, context.stop));
    keepTraces();
  }

  /// One turn of the conversation that is going on; the next begins when it is over.
  bool step(Recorder& recorder) override {
    state_.step += 1;
    if (!conversations_[current_]->next()) current_ += 1;
    keepTraces();
    record(recorder);
    return current_ < conversations_.size();
  }

  void initial(Recorder& recorder) override { record(recorder); }

  void snapshot(Frame& frame) const override {
    showTraces(frame, state_);
    frame.at<VerdictData>("verdict") = traceVerdict(preset_, state_);
  }

  /// Whoever ran it, the records of the experiment are the same bits.
  void check(CheckSink& sink) const override {
    double others = 0;
    std::string first;
    for (const WireTrace& trace : state_.traces) {
      if (trace.digest.empty()) continue;
      if (first.empty()) first = trace.digest;
      others += trace.digest != first;
    }
    sink.compare("same-digest", others, 0);
  }

 private:
  std::unique_ptr<Conversation> made(const std::string& id, const TraceTask& task,
                                     const Parameters& p, const std::stop_token& stop) const {
    if (id == kByCalling) return conversationByFunctionCalling(task);
    const bool is_agent = id.starts_with(kByA2a);
    std::optional<Resent> resent;
    if (resend_ == (is_agent ? ResendBy::A2a : ResendBy::Mcp))
      resent = Resent{p[kResentMessage].text, p[kTraceEdit].text};
    if (is_agent) {
      const std::string version = id == kOldAgent   ? "0.3"
                                  : id == kNewAgent ? "1.0"
                                                    : p[kA2aRevision].name;
      if (state_.scene == TraceScene::WrongMessages)
        return wrongMessagesByA2a(id, version, task, stop);
      if (state_.scene == TraceScene::TaskStates) return taskStatesByA2a(id, version, task, stop);
      return conversationByA2a(id, version, task, resent, stop);
    }
    const std::string revision = id == kHandshakeEra   ? kHandshakeRevision
                                 : id == kStatelessEra ? kStatelessRevision
                                                       : p[kMcpRevision].name;
    if (state_.scene == TraceScene::WrongMessages)
      return wrongMessagesByMcp(id, revision, task, stop);
    if (state_.scene == TraceScene::KilledTool) return killedServerByMcp(id, revision, task, stop);
    return conversationByMcp(id, revision, task, resent, stop);
  }

  void keepTraces() {
    state_.traces.clear();
    for (const auto& conversation : conversations_) state_.traces.push_back(conversation->trace());
  }

  void record(Recorder& recorder) const {
    for (const WireTrace& trace : state_.traces) {
      const auto add = [&](const std::string& name, std::int64_t value) {
        recorder.add(trace.id + "/" + name, static_cast<double>(value));
      };
      add("messages", trace.count());
      add("round_trips", trace.round_trips);
      add("bytes", trace.bytes());
      add("executed_by_model", trace.executedBy(Party::Model));
      add("executed_by_application", trace.executedBy(Party::Application));
      add("executed_by_server", trace.executedBy(Party::Server));
      if (state_.scene == TraceScene::WrongMessages) {
        add("as_specified", std::ranges::count_if(trace.wrong, &WrongMessage::isAsExpected));
        add("error_codes", std::ranges::count_if(trace.wrong, &WrongMessage::hasCode));
      }
      if (state_.scene == TraceScene::TaskStates) {
        add("states", trace.distinctStates());
        add("completed", trace.visits("completed"));
      }
      if (state_.scene == TraceScene::KilledTool) {
        add("unanswered", trace.unanswered);
        add("messages_after", trace.after_the_end);
      }
    }
  }

  std::string preset_;
  ResendBy resend_;
  std::vector<std::unique_ptr<Conversation>> conversations_;
  std::size_t current_ = 0;
  TraceState state_;
};

}  // namespace

std::unique_ptr<Experiment> makeProtocolTrace(const Parameters& parameters,
                                              const RunContext& context) {
  return std::make_unique<ProtocolTrace>(parameters, context);
}

}  // namespace viva
