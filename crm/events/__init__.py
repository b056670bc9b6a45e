"""The parts of the importer of gatherings: calendars, tables of attendees, Meetup, and what they have in common."""
