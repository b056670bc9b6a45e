"""The kinds of contribution of the all-contributors specification, with the words that its tables show for them.

A project may have kinds of its own beside them, or words of its own for these.
"""

WORDS = {
    "a11y": "Accessibility",
    "audio": "Audio",
    "blog": "Blogposts",
    "bug": "Bug reports",
    "business": "Business development",
    "code": "Code",
    "content": "Content",
    "data": "Data",
    "design": "Design",
    "doc": "Documentation",
    "eventOrganizing": "Event Organizing",
    "example": "Examples",
    "financial": "Financial",
    "fundingFinding": "Funding Finding",
    "ideas": "Ideas, Planning, & Feedback",
    "infra": "Infrastructure (Hosting, Build-Tools, etc)",
    "maintenance": "Maintenance",
    "mentoring": "Mentoring",
    "platform": "Packaging/porting to new platform",
    "plugin": "Plugin/utility libraries",
    "projectManagement": "Project Management",
    "promotion": "Promotion",
    "question": "Answering Questions",
    "research": "Research",
    "review": "Reviewed Pull Requests",
    "security": "Security",
    "talk": "Talks",
    "test": "Tests",
    "tool": "Tools",
    "translation": "Translation",
    "tutorial": "Tutorials",
    "userTesting": "User Testing",
    "video": "Videos",
}

KINDS = {words.casefold(): kind for kind, words in WORDS.items()}
"""The kinds by their words, for tables that show nothing else of a kind."""
