"""How likely two accounts are one person's, and why: pure, from nothing but what each account is called.

Kith only suggests; a person decides. So a wrong suggestion costs trust and a missed one costs little, and every suggestion says its reasons.
"""
