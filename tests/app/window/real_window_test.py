# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window from outside, as a screen reader does: by accessible names.

    real_window_test.py VIVA

Exits 77 when the accessibility bus is not to be had, 1 with a sentence when something is wrong.
"""
import subprocess
import sys
import time

try:
    import gi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi
except (ImportError, ValueError) as reason:
    print("the accessibility bus is not to be had:", reason)
    sys.exit(77)


def eventually(what, look, seconds=30):
    """What `look` answers, once it answers something; the bus has no signal that would do."""
    deadline = time.monotonic() + seconds
    pause = 0.05
    while time.monotonic() < deadline:
        try:
            found = look()
        except gi.repository.GLib.Error:
            found = None
        if found:
            return found
        time.sleep(pause)
    sys.exit(f"not found: {what}")


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    for i in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(i), depth + 1)


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(i)
        if app and app.get_name() in ("viva", "Viva"):
            return app
    return None


def named(name, role=None):
    for node in walk(application()):
        if node.get_name() == name and (role is None or node.get_role_name() == role):
            return node
    return None


def press(name):
    node = eventually(name, lambda: named(name))
    node.get_action_iface().do_action(0)


def status_begins(*texts):
    return any(
        node.get_name().startswith(texts) for node in walk(application()) if node.get_name()
    )


def main():
    viva = sys.argv[1]
    for language, play, pause, step in (
        ("en", "Play", "Pause", "One step forward"),
        ("zh_CN", "播放", "暂停", "前进一步"),
    ):
        process = subprocess.Popen([viva, "--experiment", "optimizer-race", "--lang", language])
        try:
            press(step)
            press(play)
            press(pause)
            eventually(play, lambda: named(play))
            if process.poll() is not None:
                sys.exit(f"the window ended with {process.returncode}")
        finally:
            process.terminate()
            process.wait(20)
        eventually("the window to go", lambda: application() is None)
    print("PASS: played, paused and stepped by accessible names in both languages")


main()
