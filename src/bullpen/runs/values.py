"""The words that runs, their steps and their messages are described by: one list for each."""

from typing import Literal

Ended = Literal["completed", "failed", "cancelled"]
RunStatus = Literal["created", "running", Ended]
StopReason = Literal[
    "end_turn",
    "error",
    "max_steps",
    "max_tokens_exceeded",
    "cancelled",
    "no_tool_call",
    "invalid_tool_call",
]
StepEnd = Literal["completed", "failed"]
StepStatus = Literal["running", StepEnd]
MessageType = Literal[
    "system_message",
    "user_message",
    "assistant_message",
    "tool_call_message",
    "tool_return_message",
    # Beyond the specification: the thoughts of a model that shows them.
    "thinking_message",
]
# What a run answers: messages, a plan, or again what an earlier run answered.
RunKind = Literal["message", "schedule", "again"]
# Why a message says that an agent does not answer.
NoticeKind = Literal["budget", "failure"]
