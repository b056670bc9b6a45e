"""What Orbit calls an activity, in Kith's words: types of its integrations, and keys that workspaces made themselves."""

from crm.csv.folding import fold
from crm.csv.wording import kind_of

TYPES = {
    "issue_activity": "posted",
    "issue_comment_activity": "replied",
    "pull_request_activity": "proposed",
    "pull_request_review_activity": "reviewed",
    "commit_activity": "contributed",
    "star_activity": "starred",
    "fork_activity": "forked",
    "discussion_activity": "posted",
    "discussion_comment_activity": "replied",
    "tweet_activity": "posted",
    "twitter_follow_activity": "followed",
    "discourse_topic_activity": "posted",
    "discourse_post_activity": "replied",
    "discord_message_sent_activity": "posted",
    "discord_message_replied_activity": "replied",
    "discord_thread_replied_activity": "replied",
    "discord_server_joined_activity": "joined",
    "slack_message_sent_activity": "posted",
    "slack_message_activity": "posted",
    "slack_thread_replied_activity": "replied",
    "slack_channel_joined_activity": "joined",
    "meetup_rsvp_activity": "registered",
    "youtube_comment_activity": "replied",
    "reddit_post_activity": "posted",
    "reddit_comment_activity": "replied",
    "stack_overflow_question_activity": "asked",
    "stack_overflow_answer_activity": "answered",
    "linkedin_comment_activity": "replied",
}
"""Types of activities of the API, and the kind each stands for."""

ACTIONS = {"merged": "merged", "closed": "closed", "reopened": "reopened", "reviewed": "reviewed"}
"""Actions that say more than the type does."""

LAST = {
    "opened": "posted",
    "sent": "posted",
    "created": "posted",
    "replied": "replied",
    "joined": "joined",
    "attended": "attended",
    "registered": "registered",
    "spoke": "spoke",
    "starred": "starred",
    "followed": "followed",
}
"""The last word of a key such as `discord:message:sent`, where the whole is not known."""

KEYS = {
    "pull_requests:opened": "proposed",
    "pull_requests:merged": "merged",
    "pull_requests:closed": "closed",
    "issues:opened": "posted",
    "issues:closed": "closed",
    "issue_comment:created": "replied",
    "star:created": "starred",
    "fork:created": "forked",
    "discourse:topic:created": "posted",
    "discourse:post:created": "replied",
    "slack:channel:joined": "joined",
}


def kind_by_type(type: str, action: str, custom: str) -> str:
    """The kind of an activity of the API; `custom` is the type that a workspace gave one of its own."""
    if type in TYPES:
        return ACTIONS.get(action, TYPES[type])
    return kind_by_key(custom) if custom else "did"


def kind_by_key(key: str) -> str:
    """The kind that the key of a type of activities stands for; `did` where nobody but its workspace can know."""
    if (word := kind_of(key)) != "did":
        return word
    return KEYS.get(key.lower()) or LAST.get(fold(key).rpartition(" ")[2], "did") if ":" in key else "did"
