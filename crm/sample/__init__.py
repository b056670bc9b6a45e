"""An invented community around Sen (lotus), an open-source till and stock book for small shops."""
