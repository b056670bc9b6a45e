"""What the columns of a table of attendees are called, in English and Vietnamese, by the platforms that people export from."""

import re
import unicodedata
from functools import lru_cache

NAMED = {
    "name": """name|full name|attendee name|attendee|user name|user name original name|name original name|display name
        |participant|participant name|registrant|registrant name|guest name|member name|your name|nguoi tham du
        |nguoi tham gia|ho va ten|ho ten|ten|ten day du|ten nguoi tham du|ten nguoi tham gia|ten hien thi|ten thanh vien""",
    "first": "first name|given name|attendee first name|ten dem va ten|ten goi",
    "last": "last name|surname|family name|attendee last name|ho|ho va ten dem",
    "email": """email|e mail|email address|user email|attendee email|participant email|registrant email|your email|mail
        |dia chi email|email nguoi tham du|thu dien tu|dia chi thu dien tu|hop thu""",
    "uid": "user id|member id|ma thanh vien",
    "profile": "url of member profile|profile url|member profile",
    "registered": """registered|registered at|registered on|registration time|registration date|date registered|rsvped on
        |registration date time|rsvp date|rsvp d on|order date|order time|created at|timestamp|signed up at|sign up time|submitted at|booked at
        |purchase date|thoi gian dang ky|ngay dang ky|gio dang ky|dau thoi gian|thoi diem dang ky""",
    "attended": """attended|attendance|present|checked in|did attend|attended event|showed up|attended live|has joined event
        |co mat|tham du|da tham du|co tham du|diem danh|da check in|da diem danh""",
    "arrived": """check in time|checkin time|checked in at|check in date|check in at|checkin|check in|join time|joined at
        |time joined|first join|first join time|arrival time|entry time|check in date time|thoi gian check in|gio check in
        |gio vao|thoi gian vao|thoi gian tham gia|gio tham gia|thoi diem tham gia|gio den|thoi gian den""",
    "left": "leave time|last leave|left at|last leave time|exit time|check out time|gio ra|thoi gian roi|thoi gian ra",
    "minutes": """duration minutes|total duration minutes|time in session minutes|in meeting duration|meeting duration|duration
        |thoi luong|thoi luong phut""",
    "status": """status|attendee status|approval status|registration status|rsvp|rsvp status|response|attendance status
        |trang thai|tinh trang|trang thai dang ky""",
    "role": "role|participant role|event role|attendee type|vai tro",
    "hosting": "event host|is host",
    "ticket": "ticket type|ticket name|ticket class|ticket|loai ve|hang ve",
    "order": "order no|order number|order id|order|attendee no|attendee number|ma don hang|ma ve",
    "event": """event|event name|event title|topic|webinar name|webinar topic|meeting name|meeting topic|meeting title
        |ten su kien|su kien|chu de|ten hoi thao|ten buoi""",
    "event id": "event id|meeting id|webinar id|event code|ma su kien|id cuoc hop|id",
    "start": """event date|event start|event start date|event start time|event time|event date time|start time|start date
        |actual start time|scheduled time|meeting start time|starts at|ngay su kien|ngay dien ra|ngay to chuc
        |thoi gian dien ra|thoi gian bat dau|gio bat dau""",
    "zone": "time zone|timezone|mui gio",
    "organiser": "host|host name|organizer|organiser|organizer name|organiser name|ban to chuc|nguoi to chuc",
    "group": "group|group name|chapter|chapter name|club|club name|community|nhom|cau lac bo|chi hoi",
}
MEANINGS = {heading.strip(): meaning for meaning, headings in NAMED.items() for heading in headings.split("|")}

SECTIONS = {"host details": "host", "panelist details": "panelist", "attendee details": "", "other attended": ""}
SECTIONS |= {"registrant details": "", "participants": "", "2 participants": "", "3 in meeting activities": ""}
"""Lines that stand alone in Zoom's and Teams' reports, and the role of everybody below."""

VIETNAMESE = re.compile(
    r"\b(?:ho va ten|ho ten|nguoi tham|dia chi|dang ky|thoi gian|dau thoi|ngay|gio|vai tro|trang thai|su kien)\b"
)

TELLING = re.compile(r"regist|rsvp|attend|ticket|check ?in|dang ky|tham (?:du|gia)|loai ve")
"""Words that stand in the headings of gatherings and seldom elsewhere; “status” and “created at” stand everywhere."""

PERSON = frozenset({"name", "first", "email"})
GATHERING = frozenset({"event", "event id", "start"})
COMING = frozenset({"attended", "arrived"})
SIGNING_UP = frozenset({"registered", "status", "ticket", "order"})


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """A heading or a word without accents, marks and capitals: “Họ và tên:” is “ho va ten”."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", "".join(one for one in bare if not unicodedata.combining(one))).split())


def meaning(heading: str) -> str:
    """What a column tells; "" for what Kith does not know, and for numbers of people (“# Registered”)."""
    if len(heading) > 80 or heading.startswith("#"):
        return ""
    return MEANINGS.get(plain(heading.replace("#", " number ")), "")
