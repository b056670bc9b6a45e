"""A look over all mails before the first is told: which list each document is of, who writes, what answers what."""

from datetime import datetime

from crm.errors import Refusal
from crm.mail.evidence import Evidence
from crm.mail.letters import letters
from crm.mail.lists import given
from crm.mail.mail import Mail, opened
from crm.mail.memory import Memory
from crm.reading import Document, Inputs

SURE = 3
"""Mails in files of their own that must agree on a list that none of them names."""


class Survey:
    """`memory` holds all mails of a run as far as there is room, `marks` what lists put before subjects."""

    def __init__(self, inputs: Inputs, now: datetime) -> None:
        self.memory = Memory()
        self.given = given(inputs.host)
        self.hosts: dict[str, str] = {}
        self.mixed: dict[str, Evidence] = {}
        self.marks: set[str] = set()
        every = Evidence()
        for document in inputs.ahead(lambda _: True):
            evidence = self.look(document, now)
            self.conclude(document.name, evidence)
            every.merge(evidence)
        known = set(self.hosts.values()) | every.lists.keys()
        pooled = every.host() if every.mails >= SURE else ""
        self.rest = next(iter(known)) if len(known) == 1 else "" if known else pooled

    def look(self, document: Document, now: datetime) -> Evidence:
        """Learn from one document; what is wrong with it is told when it is read in earnest."""
        evidence = Evidence()
        try:
            for piece in letters(document):
                mail = opened(piece, now)
                if isinstance(mail, Mail):
                    who, _ = mail.written_by(mail.own)
                    self.memory.learn(mail, who)
                    evidence.see(mail, who)
        except Refusal:
            pass
        return evidence

    def conclude(self, name: str, evidence: Evidence) -> None:
        if evidence.is_mailbox:
            self.marks.add(evidence.mark())
        if evidence.silent.mails and len(evidence.lists) > 1:
            self.mixed[name] = evidence
        elif evidence.silent.mails and evidence.is_mailbox and (host := evidence.host()):
            self.hosts[name] = host

    def host(self, document: str, mail: Mail) -> str:
        """The list of a mail: as given, as it tells, as its document shows, else the only one of the run; "" if unknown."""
        if self.given or mail.own:
            return self.given or mail.own
        if mixed := self.mixed.get(document):
            return mixed.one_of(mail.fields)
        return self.hosts.get(document) or self.rest
