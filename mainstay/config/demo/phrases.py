"""What people say whatever the matter is."""

HELLO = [
    "Hello {first},",
    "Hi {first},",
    "Good morning {first},",
    "Dear {first},",
    "Hello {first}, thank you for waiting.",
    "Hi {first}, me again.",
]
SEEN = [
    "Hello {first}, I have it and am looking into it.",
    "Hi {first}, thank you, that is a clear description. I will be back today.",
    "Thank you for reporting this, {first}. I am on it.",
    "Hello {first}, I can see the same here and am looking for the cause.",
    "Hi {first}, I am trying it on a second device now and will write when I know more.",
]
THANKS = [
    "Works again, thank you!",
    "Perfect, that was quick.",
    "All good now. Thanks for explaining.",
    "Yes, solved. Have a good day.",
    "It is fine since this morning, thank you.",
    "Great, many thanks to the team.",
]
NOT_YET = [
    "Sorry, it is back. Same message as before.",
    "It worked until lunch, and now it is as it was.",
    "Only half of it works. Could you look once more?",
    "Unfortunately my colleague beside me still has it.",
]
NEVER_MIND = [
    "It works again, please forget it.",
    "Found it myself, sorry for the noise.",
    "My colleague has reported the same, no need for two.",
]
BACK = [
    "I am at a site until Thursday; back to the team.",
    "Somebody who knows this better should take it. Back to the queue.",
    "Not getting to this today, please somebody take it.",
]
OVER = [
    "Not ours after all: the cause is on your side, see the note before.",
    "Checked everything here. Could you look at it from your end?",
    "The caller's system belongs to you. I have told them.",
]
# Close code, resolution, reply: for those who never answered.
SILENT = (
    "resolved_by_caller",
    "No answer to our question for several days.",
    "As we have not heard from you we take it that it works again. If not, reopen this here.",
)
