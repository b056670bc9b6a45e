"""How people head their columns, in English and in Vietnamese, folded: small letters, no marks, single spaces.

A heading stands with the meanings it can have, the likelier first: a date of creation is when the member joined in a table
of members, and when it happened in one of activities.
"""

HEADINGS: dict[str, str] = {
    "name": "name, full name, display name, member, member name, real name, author, author name, user, contact, contact name,"
    " speaker, attendee, attendee name, participant, person, who, by, moderator, organizer, sender, from, sent by, posted by, author display name, nickname,"
    " ho ten, ho va ten, ten day du, ten thanh vien, thanh vien, ten hien thi, nguoi dang, nguoi gui, tac gia, nguoi viet,"
    " nguoi tham du, nguoi dung, nguoi tham gia, ai",
    "first_name": "first name, given name, firstname, forename, ten, ten goi",
    "last_name": "last name, family name, surname, lastname, ho, ho dem, ho va ten dem, ho va dem, ho lot",
    "email": "email, e mail, email address, e mail address, mail, user email, member email, author email, contact email, work email,"
    " primary email, thu dien tu, dia chi email, hop thu, email thanh vien",
    "login": "login, username, user name, handle, screen name, nick, account, account name, author username, github, discord,"
    " twitter, telegram, ten dang nhap, tai khoan, ten tai khoan, ten nguoi dung, biet danh",
    "uid": "uid, user id, userid, member id, memberid, author id, authorid, contact id, person id, account id, sender id, actor id,"
    " from id, ma thanh vien, ma nguoi dung, ma so thanh vien",
    "avatar": "avatar, avatar url, photo, photo url, picture, profile picture, image, profile image, anh, anh dai dien, hinh dai dien",
    "pronouns": "pronouns, pronoun, dai tu nhan xung, cach xung ho, xung ho",
    "zone": "time zone, timezone, tz, mui gio",
    "languages": "language, languages, spoken languages, ngon ngu",
    "lives": "city, country, town, home town, lives in, residence, thanh pho, tinh, quoc gia, noi o, que quan, noi sinh song",
    "birthday": "birthday, birth date, birthdate, date of birth, dob, ngay sinh, sinh nhat",
    "bot": "bot, is bot, isbot, la bot",
    "joined": "joined, joined at, join date, date joined, joined on, join time, member since, registered at, registration date, signup date,"
    " sign up date, signed up at, signed up, registered on, ngay tham gia, ngay gia nhap, ngay vao nhom, ngay dang ky, tham gia tu,"
    " thoi gian tham gia",
    "time": "date, datetime, date time, timestamp, occurred at, happened at, posted at, posted on, sent at, post date, activity date, event date,"
    " date posted, date sent, when, time stamp, activity time, message date, unix time, epoch, comment date, date of activity, start time,"
    " start date, ngay, ngay gio, thoi gian, ngay dang, thoi diem, ngay gui, ngay thang, thoi gian dang, thoi gian gui, ngay hoat dong,"
    " ngay dien ra, ngay viet",
    "clock": "hour, time of day, gio, gio dang, gio gui",
    "kind": "type, kind, activity, activity type, action, event type, what, interaction, interaction type, verb, activity kind, loai,"
    " hoat dong, loai hoat dong, hanh dong, loai tuong tac, tuong tac, viec lam",
    "key": "activity id, message id, post id, comment id, event id, row id, key, activity key, ticket id, record id, ma hoat dong,"
    " ma bai viet, ma bai dang, ma tin nhan",
    "title": "title, subject, headline, topic title, post title, event, event title, event name, tieu de, chu de, su kien, ten su kien, ten bai viet",
    "text": "text, body, content, message, comment, description, post, post content, message content, note, notes, details, feedback, answer,"
    " noi dung, tin nhan, binh luan, mo ta, ghi chu, bai viet, noi dung bai viet, y kien, van ban, chi tiet, phan hoi",
    "link": "link, url, permalink, activity link, post link, post url, web link, message link, lien ket, duong dan, dia chi web",
    "place": "place, channel, channel name, room, group, group name, category, forum, board, repository, repo, location, space, list, kenh, nhom,"
    " chuyen muc, dien dan, danh muc, dia diem, noi, khu vuc",
    "thread": "thread, thread id, conversation, conversation id, topic id, topic, discussion, discussion id, chu de thao luan, cuoc tro chuyen,"
    " ma chu de, hoi thoai, luong",
    "parent": "parent, parent id, in reply to, in reply to id, reply to id, replied to id, reply to message id, parent message id, parent post id,"
    " parent comment id, answers to, tra loi cho bai, ma bai cha",
    "whom_name": "to, to name, reply to, replied to, recipient, receiver, recipient name, target, target name, toward, mentioned, nguoi nhan,"
    " tra loi cho, gui den, gui cho, doi tuong",
    "whom_email": "to email, recipient email, target email, receiver email, email nguoi nhan",
    "whom_login": "to username, to user, target username, recipient username, reply to username, in reply to screen name",
    "whom_uid": "to id, recipient id, target id, receiver id, to user id, target user id, reply to user id, in reply to user id",
    "reactions": "reactions, likes, like count, likes count, reaction count, upvotes, hearts, favorites, luot thich, so luot thich,"
    " so cam xuc, cam xuc, thich",
}
"""The headings of each meaning."""

OF_MEMBERS = {"id": "uid", "ma": "uid", "ma so": "uid", "created at": "joined", "created": "joined", "created on": "joined",
              "date added": "joined", "ngay tao": "joined", "first seen": "joined", "date": "joined", "ngay": "joined",
              "image": "avatar"}  # fmt: skip
"""What these head in a table of members only."""

OF_ACTIVITIES = {"id": "key", "ma": "key", "ma so": "key", "created at": "time", "created": "time", "created on": "time",
                 "date added": "time", "ngay tao": "time", "image": ""}  # fmt: skip
"""What these head in a table of activities only."""

WEAK = frozenset(
    [
        "title",
        "subject",
        "description",
        "note",
        "notes",
        "type",
        "date",
        "ngay",
        "ghi chu",
        "mo ta",
        "kind",
        "loai",
        "activity",
        "details",
        "chi tiet",
        "key",
        "topic",
        "chu de",
    ]
)
"""Headings that tables of members have as well (somebody's title, notes on them): these alone make no table of activities."""

KNOWN = {heading.strip(): meaning for meaning, headings in HEADINGS.items() for heading in headings.split(",")}
