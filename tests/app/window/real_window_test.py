# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the real window from outside, as a screen reader does: by accessible names.

    real_window_test.py VIVA

Exits 77 when the accessibility bus is not to be had, 1 with a sentence when something is wrong.
"""
import os
import pathlib
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


def within(seconds, look):
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
    return None


def eventually(what, look, seconds=30):
    return within(seconds, look) or sys.exit(f"not found: {what}")


def walk(node, depth=0):
    if node is None or depth > 40:
        return
    yield node
    for i in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(i), depth + 1)


def application(process):
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(i)
        if app and app.get_process_id() == process.pid:
            return app
    return None


def found(process, fits):
    """The first node on screen whose name fits; pages that are not shown have controls too."""
    for node in walk(application(process)):
        if fits(node.get_name() or "") and node.get_state_set().contains(Atspi.StateType.SHOWING):
            return node
    return None


def named(process, name):
    return found(process, lambda other: other == name)


def act(node):
    """A control that can be used; one that is disabled may become so."""
    if not node or not node.get_state_set().contains(Atspi.StateType.ENABLED):
        return False
    return node.get_action_iface().do_action(0)


def press(process, name):
    eventually(name, lambda: act(named(process, name)))


def is_alive(process):
    if process.poll() is not None:
        sys.exit(f"the window ended with {process.returncode}")
    return True


def in_both_languages(viva):
    for language, play, pause, step in (
        ("en", "Play", "Pause", "One step forward"),
        ("zh_CN", "播放", "暂停", "前进一步"),
    ):
        process = subprocess.Popen([viva, "--experiment", "optimizer-race", "--lang", language])
        try:
            press(process, step)
            press(process, play)
            press(process, pause)
            eventually(play, lambda: named(process, play))
            is_alive(process)
        finally:
            process.terminate()
            process.wait(20)


def beginning(process, start):
    """A button says more than its action: the interval, the key."""
    return found(process, lambda name: name.startswith(start))


def press_beginning(process, start):
    eventually(start, lambda: act(beginning(process, start)))


def key(process, keys):
    """As a person or a clicker: to the window that has the keyboard."""
    window = ["--sync", "--all", "--onlyvisible", "--pid", str(process.pid), "--name", "Viva"]
    done = subprocess.run(
        ["xdotool", "search", *window, "windowfocus", "key", keys],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60,
    )
    if done.returncode:
        sys.exit(f"{keys} could not be pressed: {done.stdout}")


def to_the_dialog(command, what):
    """To whatever window has the keyboard."""
    subprocess.run(["xdotool", command, what], check=True, timeout=60)


def until(what, do, look):
    """A key that comes while a window is on its way is lost: it is pressed again until it is heard."""
    for _ in range(8):
        do()
        if within(6, look):
            return
    sys.exit(f"nothing came of it: {what}")


def set_value(process, name, value):
    def change():
        node = named(process, name)
        return node and node.get_value_iface().set_current_value(value)

    eventually(name, change)


def value_of(process, name):
    node = named(process, name)
    return node.get_value_iface().get_current_value() if node else None


def studies_and_teaches(viva):
    """What a learner and a teacher do, by keys and accessible names."""
    words = {
        "en": {
            "pause": "Pause", "play": "Play", "reveal": "Show the answer", "good": "3  Good", "undo": "Undo (U)",
            "option": "Clearly sooner", "sure": "90 percent sure", "run": "Run it", "skip": "Skip to the end",
            "next": "Next demo", "kappa": "Condition number κ, slider", "timeline": "Timeline",
            "find": "Find anything", "dark": "Dark theme", "other": "Chinese", "switch": "Language: 简体中文",
        },
        "zh_CN": {
            "pause": "暂停", "play": "播放", "reveal": "显示答案", "good": "3  记得", "undo": "撤销 (U)",
            "option": "明显更早", "sure": "有 90% 的把握", "run": "运行", "skip": "直接看结果",
            "next": "下一个演示", "kappa": "条件数 κ，滑块", "timeline": "时间线",
            "find": "查找一切", "dark": "深色主题", "other": "English", "switch": "语言：English",
        },
    }
    for language, say in words.items():
        process = subprocess.Popen([viva, "--experiment", "optimizer-race", "--lang", language])
        try:
            eventually(say["play"], lambda: named(process, say["play"]))
            set_value(process, say["kappa"], 0)
            press(process, say["play"])
            press(process, say["pause"])
            set_value(process, say["timeline"], 1)
            eventually("the first step", lambda: value_of(process, say["timeline"]) == 1)
            until("ctrl+t", lambda: key(process, "ctrl+t"), lambda: beginning(process, say["reveal"]))
            press_beginning(process, say["reveal"])
            press_beginning(process, say["good"])
            press(process, say["undo"])
            until("ctrl+d", lambda: key(process, "ctrl+d"), lambda: beginning(process, say["option"]))
            press_beginning(process, say["option"])
            press(process, say["sure"])
            press(process, say["run"])
            press(process, say["skip"])
            eventually(say["next"], lambda: named(process, say["next"]))
            until("F5", lambda: key(process, "F5"), lambda: not named(process, say["play"]))
            until("Page Down", lambda: key(process, "Next"), lambda: named(process, say["run"]))
            until("Escape", lambda: key(process, "Escape"), lambda: named(process, say["play"]))
            key(process, "ctrl+shift+l")
            key(process, "ctrl+l")
            eventually(say["play"], lambda: named(process, say["play"]))

            until("ctrl+k", lambda: key(process, "ctrl+k"), lambda: named(process, say["find"]))
            until("typing", lambda: to_the_dialog("key", "ctrl+a") or to_the_dialog("type", "dark theme"),
                  lambda: beginning(process, say["dark"]))
            until("Return", lambda: to_the_dialog("key", "Return"), lambda: not named(process, say["find"]))

            # Without a restart: the same button is called by its name in the other language.
            other = "zh_CN" if language == "en" else "en"
            until("ctrl+k", lambda: key(process, "ctrl+k"), lambda: named(process, say["find"]))
            until("typing", lambda: to_the_dialog("key", "ctrl+a") or to_the_dialog("type", say["other"]),
                  lambda: beginning(process, say["switch"]))
            until("Return", lambda: to_the_dialog("key", "Return"), lambda: not named(process, say["find"]))
            eventually(words[other]["play"], lambda: named(process, words[other]["play"]))
            is_alive(process)
        finally:
            process.terminate()
            process.wait(20)


def two_at_once_and_one_killed(viva):
    """The second window knows nothing of the first one's end; the third finds what was left."""
    windows = []

    def open_window(*arguments):
        windows.append(subprocess.Popen([viva, "--lang", "en", *arguments]))
        return windows[-1]

    try:
        first = open_window("--experiment", "optimizer-training", "--play")
        second = open_window("--experiment", "optimizer-race", "--play")
        for window in (first, second):
            eventually("Pause", lambda window=window: named(window, "Pause"))
        settings = pathlib.Path(os.environ["XDG_CONFIG_HOME"]) / "viva" / "viva.ini"
        eventually("the settings on disk", lambda: b"experiment=" in settings.read_bytes())
        first.kill()
        first.wait(20)
        press(second, "Pause")
        eventually("Play", lambda: named(second, "Play"))
        is_alive(second)
        second.kill()
        second.wait(20)

        third = open_window()
        press(third, "Play")
        press(third, "Pause")
        is_alive(third)
        leftovers = [path.name for path in settings.parent.iterdir() if path != settings]
        if leftovers:
            sys.exit(f"left beside the settings: {leftovers}")
    finally:
        for window in windows:
            window.kill()
            window.wait(20)


def main():
    in_both_languages(sys.argv[1])
    studies_and_teaches(sys.argv[1])
    two_at_once_and_one_killed(sys.argv[1])
    print("PASS: played, studied and presented by accessible names; two windows, one killed")


main()
