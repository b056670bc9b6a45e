"""People write what happened in a word of their own; the common ones, in English and Vietnamese, are known here.

A word that is not known is never guessed at: the act is then one that somebody “did”, and the word is kept beside it.
"""

from functools import lru_cache

from crm.activity import Role
from crm.csv.folding import fold
from crm.kinds import KINDS

WORDS: dict[str, str] = {
    "posted": "post, posts, message, messages, sent message, message sent, sent a message, wrote, written, share, shared,"
    " tweet, status, new post, new topic, topic, thread, announcement, discussion, dang bai, bai dang, bai viet, viet bai,"
    " tin nhan, nhan tin, gui tin nhan, chia se, dang, thong bao, thao luan, chu de",
    "asked": "ask, question, questions, new question, asked a question, support request, hoi, cau hoi, dat cau hoi, hoi dap",
    "answered": "answer, answers, answered a question, tra loi cau hoi, giai dap, cau tra loi",
    "replied": "reply, replies, comment, comments, commented, response, responded, tra loi, phan hoi, binh luan,"
    " dap lai, hoi am",
    "solved": "solution, accepted answer, accepted, solved a question, loi giai, cau tra loi duoc chon, giai quyet",
    "reacted": "react, reaction, reactions, like, likes, liked, thanks, thank you, thanked, heart, love, emoji, upvote,"
    " thich, da thich, cam on, tha tim, cam xuc, bay to cam xuc",
    "reviewed": "review, reviews, code review, danh gia, nhan xet, kiem duyet bai",
    "proposed": "pull request, merge request, proposal, opened pull request, de xuat",
    "contributed": "commit, commits, contribution, contributions, contribute, patch, dong gop, cong hien",
    "merged": "merge, pull request merged, merged pull request",
    "mentioned": "mention, mentions, nhac den, nhac ten, de cap",
    "assigned": "assign, assignment, phan cong, giao viec",
    "labelled": "label, labeled, tag, tagged, gan nhan, gan the",
    "invited": "invite, invitation, referral, referred, moi, gioi thieu, moi ban be, loi moi",
    "closed": "close, closed issue, dong",
    "reopened": "reopen, mo lai",
    "edited": "edit, edits, updated, changed, sua, chinh sua, cap nhat",
    "moderated": "moderate, moderation, ban, banned, kick, kicked, mute, muted, warn, warned, warning, timeout,"
    " cam, canh cao, kiem duyet, khoa tai khoan, duoi",
    "published": "release, released, publish, phat hanh, xuat ban",
    "followed": "follow, follows, subscribe, subscribed, subscription, theo doi, dang ky theo doi",
    "starred": "star, stars, gan sao",
    "forked": "fork, forks",
    "created": "create, created channel, created group, tao, tao nhom, tao kenh",
    "registered": "register, registration, rsvp, signed up for event, event registration, going, dang ky, dang ky su kien,"
    " ghi danh",
    "attended": "attend, attendance, attendee, event attended, attended event, checked in, check in, checkin, participated,"
    " tham du, tham gia su kien, co mat, diem danh, du su kien",
    "hosted": "host, organised, organized, hosted event, to chuc, chu tri",
    "spoke": "speak, talk, speaker, speaking, gave a talk, presented, presentation, dien gia, thuyet trinh, bao cao,"
    " trinh bay",
    "awarded": "award, badge, earned badge, badge earned, huy hieu, khen thuong, nhan huy hieu, trao giai",
    "credited": "credit, credits, ghi nhan, ghi cong",
    "voted": "vote, votes, poll, rating, rated, rate, trust, bau, binh chon, bo phieu, cham diem",
    "joined": "join, join date, signup, sign up, signed up, member joined, new member, account created, user created, tham gia,"
    " gia nhap, vao nhom, thanh vien moi, tao tai khoan",
    "left": "leave, member left, unsubscribed, account deleted, roi di, roi nhom, roi khoi, nghi",
}
KNOWN = {word.strip(): kind for kind, words in WORDS.items() for word in words.split(",")} | {
    kind: kind for kind in KINDS
}

THANKS = {"thanks", "thank you", "thanked", "cam on"}
TOWARD: dict[str, Role] = {"did": "reacted", "starred": "reacted", "followed": "reacted", "contributed": "coauthored"}


@lru_cache(4096)
def kind_of(word: str) -> str:
    """The kind of Kith that a person's word stands for, else `did`."""
    return KNOWN.get(fold(word), "did")


def role_of(kind: str, word: str) -> Role:
    """What an act was for the person whom it was meant for."""
    if kind == "reacted":
        return "thanked" if fold(word) in THANKS else "reacted"
    own = KINDS[kind].roles
    return own[0] if own else TOWARD.get(kind, "mentioned")  # type: ignore[return-value]
