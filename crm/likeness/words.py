"""What is known of names and addresses before any community is looked at: which are everybody's, and so tell little."""

_SURNAMES_VI = """
bui cao dang dinh do doan duong ho hoang huynh lam le luong ly mai ngo nguyen pham phan tran trinh truong vo vu
"""
SURNAMES_VI = frozenset(_SURNAMES_VI.split())
"""Nine in ten Vietnamese share these surnames, as they stand without marks."""

_MIDDLE_VI = """
thi van
"""
MIDDLE_VI = frozenset(_MIDDLE_VI.split())
"""Middle words that once told men from women, and tell nobody from another."""

_COMMON_SURNAMES = """
anderson brown chen garcia huang ivanov johnson jones kim kumar lee li lin liu martin miller muller park patel
rodriguez sharma silva singh smith wang williams wilson wu yang zhang zhao zhou
"""
COMMON_SURNAMES = frozenset(_COMMON_SURNAMES.split())
"""Surnames of millions."""

_GIVEN = """
adam adrian alan alex alexander alexandre alexei alexey ali amir andre andrea andreas andrei andrew andrey andy anh
anna anne anton antonio arthur bao ben benjamin bill binh bob boris brian bruno carl carlos charles chi chris
christian christina christopher claude claudia dan daniel daniela dave david denis dennis dieter dmitri dmitry dung
dustin edgar elena emma eric erik eva felix florian francesco francis frank fred gabriel george giang greg hai hans
harry helen henri henry hieu hoa hung huong huy ian igor ilya ivan jack jacob jakub james jan jason jean jeff jens
jim jimmy joe johan johannes john johnny jon jonas jonathan jorge jose joseph joshua juan julia julian julien justin
karen karl kate keith kenneth kevin khanh kim kyle lan larry laura leo leon leonardo liam linda linh lisa long lucas
luis luke manuel marc marcel marcin marco marcus maria mario mark markus martin mary mathias matt matthew matthias
max maxim michael michal michel miguel mike minh mohamed nam nathan ngoc nick nicolas nikita nikolai oleg oliver
oscar pablo patrick paul pavel pedro peter phil philip phong phuong pierre quang rafael ralf raphael ray rene
richard rob robert roberto robin roland roman ron ryan sam samuel sara sarah scott sean sebastian serge sergei
sergey simon sophie stefan stephan stephen steve steven susan thanh thomas thuy tim tobias tom tomas tony trang tuan
tung victor viktor vincent vladimir walter will william xavier yuri
"""
GIVEN = frozenset(_GIVEN.split())
"""Given names that many bear, so that two accounts called so need not be one person."""

_CALLED = """
aleksander aleksandr alex alexander alexandr alexandre; aleksei aleksey alexei alexej alexey; andre andrei andrew
andrey andrii andy; anthony anton antony tony; ben benjamin; chris christian christopher; dan daniel danny; dave
david; dima dmitri dmitriy dmitry; don donald; ed eddie edward; eugene evgeniy evgeny yevgeny; fred frederic
frederick; greg gregory grigory; igor ihor; ivan iwan; james jamie jim jimmy; geoff geoffrey jeff jeffrey; joe josef
joseph; john johnny jon jonathan; josh joshua; ken kenneth; constantin konstantin kostya; larry lawrence; len
leonard; elizabeth liz; maksim max maxim maximilian; mathew matt matthew matthias; michael michal mick mike mikhail
misha; nicholas nick nicolas nikolai nikolas nikolay; oleg oleh; pat patrick; pete peter petr piotr pyotr; phil
philip philippe phillip; ray raymond; dick rich richard rick ricky; bob bobby rob robbie robert; ron ronald; sam
samuel; aleksandr alexander sasha; serge sergei sergey sergii serhii; stefan stephan stephane stephen steve steven;
tim timothee timothy; thomas tom tommy; vlad vladimir vladislav volodymyr; vince vincent; walt walter; bill billy
will william; iurii yuri yuriy yury; zach zachary
"""
CALLED = tuple(frozenset(group.split()) for group in _CALLED.split(";"))
"""Forms of one given name. Not every bearer of one answers to the other, so they tell less than the same word would."""

_GENERIC = """
account admin anonymous bot code coder dev developer email foobar gamer github guest hacker hello info johndoe linux
master member newbie nobody none null owner programmer root someone support system team test tester testing unknown
user username web
"""
GENERIC = frozenset(_GENERIC.split())
"""Handles that say what somebody is, not who."""

_ROLES = """
abuse admin administrator announce bounce bounces bugs build ci contact daemon dev devel devnull do-not-reply
donotreply git github hello help hostmaster info jenkins list lists mail mailer-daemon me no-reply nobody none
noreply notifications office owner pi postmaster root sales security staff support team test ubuntu unknown user
users vagrant webmaster www www-data
"""
ROLES = frozenset(_ROLES.split())
"""Mailboxes that several people, a machine or nobody reads."""

_PROVIDERS = """
126.com 163.com aol.com bk.ru fastmail.com free.fr github.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
googlemail.com hotmail.com hotmail.fr hotmail.it hushmail.com icloud.com inbox.ru laposte.net live.com mac.com
mail.com mail.ru me.com msn.com openmailbox.org orange.fr outlook.com pm.me posteo.de proton.me protonmail.com
qq.com rambler.ru riseup.net sina.com uol.com.br users.sf.net users.sourceforge.net wanadoo.fr web.de ya.ru
yahoo.co.uk yahoo.com yahoo.com.vn yahoo.de yahoo.fr yandex.ru zoho.com
"""
PROVIDERS = frozenset(_PROVIDERS.split())
"""Where anybody may have an address, so that to share the domain says nothing."""
