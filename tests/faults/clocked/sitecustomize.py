"""Loaded by every Python that runs under libfaketime here: that library breaks `time.sleep` where it leaves the
monotonic clock alone, as a jump of the real clock does; waiting for an event that never comes is the same.
"""

import threading
import time


def sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


time.sleep = sleep
