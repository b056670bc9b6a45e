"""How the embedded server is set: quiet on the network, durable, and ready for long imports."""

import os
from pathlib import Path

from crm.embedded.place import PORT


def settings(sockets: Path) -> dict[str, str]:
    """Each setting with its reason beside it."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return {
        "listen_addresses": "",  # nobody on the network, not even on this machine's loopback
        "port": str(PORT),  # names the socket file, so it must not follow a stray PGPORT
        "unix_socket_directories": f'"{sockets}"',
        "unix_socket_permissions": "0700",  # a second door behind the private folder
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",  # leaves the rest to the page cache
        "max_wal_size": "8GB",  # a long import is not stopped by checkpoints
        "checkpoint_timeout": "15min",  # same reason; also fewer whole pages in the log
        "work_mem": "64MB",  # lists and rebuilds sort in memory
        "random_page_cost": "1.1",  # disks of today seek for nothing, and most pages are in memory
        "jit": "off",  # short queries: compiling costs more than it gives
        "max_connections": "100",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": "on",  # the event log is the only truth: nothing acknowledged may be lost
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "log_checkpoints": "off",  # keeps the log small on a server that runs for months
        "log_min_error_statement": "panic",  # statements carry members' names: they stay out of the log,
        "log_error_verbosity": "terse",  # and so do the details of a broken constraint
    }
