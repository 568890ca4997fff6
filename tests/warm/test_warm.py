"""A kernel that starts warm is an ordinary kernel in all but its start."""

import contextlib
import fcntl
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import KernelManager

from dme.warm import client as warm

from .conftest import gone, parents, say

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking is for Linux")

STATE = """
import json, os, sys, signal
print(json.dumps({
    "path": sys.path, "argv": sys.argv[0], "cwd": os.getcwd(), "name": __name__,
    "main": sys.modules["__main__"].__dict__ is globals(), "umask": os.umask(0o022),
    "int": str(signal.getsignal(signal.SIGINT)), "chld": str(signal.getsignal(signal.SIGCHLD)),
    "flags": str(sys.flags), "executable": sys.executable,
    "leader": os.getpgrp() == os.getpid(), "session": os.getsid(0) == os.getpid(),
    "dme": [name for name in sys.modules if name.split(".")[0] == "dme"],
    "files": [name for name, module in sys.modules.items()
              if "dme/warm/" in str(getattr(module, "__file__", ""))],
    "backend": __import__("matplotlib").get_backend(),
    "env": {k: v for k, v in os.environ.items() if k != "JPY_PARENT_PID"},
    "client": os.environ["JPY_PARENT_PID"],
}))
"""


def test_surroundings_are_those_of_an_ordinary_kernel(start):
    seen = {}
    for name in ("dme", "python3"):
        seen[name] = json.loads(say(start(name)[1], STATE))
    assert seen["dme"] == seen["python3"]
    assert seen["dme"]["dme"] == []
    assert seen["dme"]["client"] == str(os.getpid())


def test_libraries_are_there_and_kernels_are_forked(start, sockets: Path):
    manager, client = start()
    code = "import sys; print('pandas' in sys.modules, 'statsmodels.api' in sys.modules)"
    assert say(client, code) == "True True"
    (parent,) = parents(sockets.parent)
    assert psutil.Process(manager.provisioner.pid).ppid() == parent.pid


def test_nothing_leaks_from_one_kernel_to_the_next(start):
    first, second = start()[1], start()[1]
    say(
        first,
        "import os, sys, builtins, pandas as pd; x = 1; os.environ['LEAK'] = '1'; "
        "sys.modules['leak'] = sys; builtins.leak = 1; pd.set_option('display.width', 33); "
        "sys.path.append('/leak'); os.chdir('/')",
    )
    third = start()[1]
    for client in (second, third):
        said = say(
            client,
            "import os, sys, builtins, pandas as pd; print('x' in globals(), "
            "'LEAK' in os.environ, 'leak' in sys.modules, hasattr(builtins, 'leak'), "
            "pd.get_option('display.width') == 33, '/leak' in sys.path, os.getcwd() == '/')",
        )
        assert said == " ".join(["False"] * 7)


def test_random_numbers_are_fresh_in_each_kernel(start):
    code = "import random, numpy as np; print(random.random(), np.random.rand())"
    drawn = [say(start()[1], code).split() for _ in range(3)]
    assert len({number for pair in drawn for number in pair}) == 6
    seeded = "import numpy as np; np.random.seed(1); print(np.random.rand())"
    assert say(start()[1], seeded) == say(start("python3")[1], seeded)


def test_edited_module_is_the_one_that_is_imported(start, tmp_path: Path):
    module = tmp_path / "edited.py"
    for value in (1, 2):
        module.write_text(f"value = {value}\n", encoding="utf-8")
        # Python knows an edited file by its second and its size.
        os.utime(module, (time.time() + value * 10,) * 2)
        client = start(cwd=str(tmp_path))[1]
        assert say(client, "import edited; print(edited.value)") == str(value)


def test_interrupt_stops_the_cell_and_keeps_the_kernel(start):
    manager, client = start()
    say(client, "kept = 'kept'")
    client.execute("import time; time.sleep(60)")
    time.sleep(0.5)
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=20)
    while reply["content"].get("ename") != "KeyboardInterrupt":
        reply = client.get_shell_msg(timeout=20)
    assert say(client, "print(kept)") == "kept"


def test_restart_gives_another_process_and_a_clean_namespace(start):
    manager, client = start()
    before = manager.provisioner.pid
    say(client, "x = 1")
    manager.restart_kernel(now=True)
    client.wait_for_ready(timeout=60)
    assert manager.provisioner.pid != before
    assert gone(before)
    assert say(client, "print('x' in globals())") == "False"


def test_shutdown_and_kill_leave_no_process(start):
    for now in (False, True):
        manager, client = start()
        helper = int(
            say(client, "import subprocess as s; p = s.Popen(['sleep', '600']); print(p.pid)")
        )
        pid = manager.provisioner.pid
        manager.shutdown_kernel(now=now)
        assert gone(pid)
        if now:
            assert gone(helper)
        else:
            # Whether a kernel that is asked to end also ends its children is the kernel's.
            with contextlib.suppress(ProcessLookupError):
                os.kill(helper, signal.SIGKILL)


@pytest.mark.parametrize(("code", "status"), [("os._exit(7)", 7), ("os.kill(os.getpid(), 9)", -9)])
def test_death_of_a_kernel_is_known_with_its_status(start, code: str, status: int):
    manager, client = start()
    client.execute(f"import os; {code}")
    pid = manager.provisioner.pid
    assert gone(pid)
    for _ in range(100):
        if not manager.is_alive():
            break
        time.sleep(0.05)
    assert not manager.is_alive()
    assert manager.provisioner.process.returncode == status


@pytest.mark.usefixtures("sockets")
def test_kernels_end_with_their_client(tmp_path: Path):
    script = tmp_path / "crash.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, signal, time
            from jupyter_client.manager import KernelManager
            km = KernelManager(kernel_name="dme")
            km.start_kernel()
            km.client().start_channels()
            if not (fork := os.fork()):
                os.closerange(0, 3)
                time.sleep(600)
            print(km.provisioner.pid, fork, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
            """
        ),
        encoding="utf-8",
    )
    # Not a pipe, whose end would wait for that of the kernel, which writes there too.
    told = tmp_path / "told"
    with told.open("w") as file:
        done = subprocess.run([sys.executable, script], stdout=file, check=False)
    assert done.returncode == -signal.SIGKILL
    kernel, fork = map(int, told.read_text(encoding="utf-8").split())
    try:
        assert gone(kernel), "a fork of the client keeps the kernel alive"
    finally:
        os.kill(fork, signal.SIGKILL)


@pytest.mark.usefixtures("sockets")
def test_forks_of_a_client_start_kernels(tmp_path: Path):
    script = tmp_path / "pool.py"
    script.write_text(
        textwrap.dedent(
            """
            import faulthandler, multiprocessing
            from concurrent.futures import ProcessPoolExecutor
            from nbclient import execute
            from nbformat import v4

            def run(number):
                # A worker that hangs tells where, and ends; that breaks the pool.
                faulthandler.dump_traceback_later(60, exit=True)
                notebook = v4.new_notebook(cells=[v4.new_code_cell(f"print({number} * 2)")])
                text = execute(notebook, kernel_name="dme").cells[0].outputs[0]["text"]
                faulthandler.cancel_dump_traceback_later()
                return int(text)

            assert run(1) == 2
            with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
                print(*pool.map(run, range(4)))
            """
        ),
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["0", "2", "4", "6"], done.stderr


def test_fork_does_not_keep_the_lock_of_a_start(tmp_path: Path):
    with warm._alone(tmp_path / "lock"):
        fork = os.fork()
        if not fork:
            time.sleep(600)
    try:
        with (tmp_path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.kill(fork, signal.SIGKILL)
        os.waitpid(fork, 0)


def test_kernels_outlive_their_parent_and_a_new_parent_serves(start, sockets: Path):
    manager, client = start()
    say(client, "x = 41")
    (parent,) = parents(sockets.parent)
    parent.kill()
    assert gone(parent.pid)
    assert say(client, "print(x + 1)") == "42"
    assert manager.is_alive()
    other, second = start()
    assert say(second, "print(1)") == "1"
    assert psutil.Process(other.provisioner.pid).ppid() != parent.pid
    manager.shutdown_kernel(now=True)
    assert not manager.is_alive()


def test_parent_ends_when_idle_and_leaves_no_socket(sockets: Path, monkeypatch):
    monkeypatch.setenv(warm.IDLE_VARIABLE, "1")
    monkeypatch.setenv("PYTHONDME", "idle")
    before = set(sockets.glob("*.sock"))
    warm.prepare(libraries=("json",))
    (its,) = set(sockets.glob("*.sock")) - before
    for _ in range(300):
        if not its.exists():
            return
        time.sleep(0.1)
    pytest.fail("the idle parent's socket is still there")


def test_only_its_user_can_reach_the_socket(start, sockets: Path):
    start()
    assert sockets.stat().st_mode & 0o077 == 0


def test_folder_open_to_others_is_not_used(runtime: Path):
    (runtime / f"dme-warm-{os.getuid()}").mkdir(mode=0o755)
    with pytest.raises(warm.Unavailable, match="open to other users"):
        warm.prepare()


@pytest.mark.tried("Nothing lost", "a folder for temporary files with a long path, as on clusters")
@pytest.mark.parametrize("long", [86, 107, 300])
def test_a_long_temporary_folder_is_no_hindrance(monkeypatch, tmp_path: Path, long):
    folder = tmp_path / ("x" * max(1, long - len(str(tmp_path)) - 1))
    folder.mkdir()
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(warm.tempfile, "tempdir", str(folder))
    monkeypatch.setenv(warm.IDLE_VARIABLE, "1")
    code = "import json, sys; sys.exit(7 * ('json' in sys.modules))"
    kernel = warm.fork(sys.executable, ["-c", code], os.environ, "/", libraries=("json",))
    assert kernel.wait(30) == 7
    assert warm._folder().stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("why", ["platform", "folder", "library"])
def test_ordinary_kernel_serves_where_none_is_to_be_had(start, monkeypatch, tmp_path: Path, why):
    if why == "platform":
        monkeypatch.setattr(warm.sys, "platform", "darwin")
    elif why == "folder":
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    else:
        monkeypatch.setattr(warm, "_script", lambda: tmp_path / "absent.py")
        (tmp_path / "absent.py").write_text("raise SystemExit(3)", encoding="utf-8")
    manager, client = start()
    assert say(client, "print(6 * 7)") == "42"
    assert isinstance(manager.provisioner.process, subprocess.Popen)


def test_two_clients_at_once_start_one_parent(sockets: Path, monkeypatch):
    monkeypatch.setenv("PYTHONDME", "twice")
    before = {process.pid for process in parents(sockets.parent)}
    code = "from dme.warm.client import prepare; prepare(libraries=('json',))"
    clients = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait(60) for process in clients] == [0] * 4
    after = {process.pid for process in parents(sockets.parent)}
    assert len(after - before) == 1


NONSENSE = (
    b"GET / HTTP/1.0\r\n\r\n",
    b"[]\n",
    b"{}\n",
    b"null\n",
    b"[" * 100_000 + b"\n",
    b'{"argv": 1, "env": [], "cwd": null, "watched": true}\n',
    b'{"argv": ["-c", "1"], "env": {}, "cwd": "/", "watched": true}\n',  # without streams
    b"\xff\x00\n",
    b"x" * 2_000_000,
    b"",
)


@pytest.mark.tried("Nothing lost", "something else talks to the socket that kernels are forked by")
def test_a_client_that_talks_nonsense_does_no_harm(start, sockets: Path, record_property):
    start()
    paths = list(sockets.glob("*.sock"))
    for path, said in itertools.product(paths, NONSENSE):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
            stranger.connect(str(path))
            with contextlib.suppress(BrokenPipeError):
                stranger.sendall(said)
                stranger.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                assert stranger.recv(10) == b""
    record_property("times", len(paths) * len(NONSENSE))
    before = {process.pid for process in parents(sockets.parent)}
    manager, client = start()
    assert say(client, "print(1)") == "1"
    assert psutil.Process(manager.provisioner.pid).ppid() in before


@pytest.mark.tried("Nothing lost", "something is silent at the socket that kernels are forked by")
def test_who_is_silent_delays_no_other(start, sockets: Path, record_property):
    start()
    with contextlib.ExitStack() as silent:
        for path in sockets.glob("*.sock"):
            for _ in range(3):
                stranger = silent.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
                stranger.connect(str(path))
        before = time.monotonic()
        assert say(start()[1], "print(1)") == "1"
        # One that is waited for is waited for five seconds.
        assert time.monotonic() - before < 5
    record_property("times", 3)


@pytest.mark.usefixtures("sockets")
def test_kernel_is_used_by_its_name_alone(tmp_path: Path):
    import nbformat
    import papermill

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1 + 1)")])
    nbformat.write(notebook, tmp_path / "in.ipynb")
    done = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", kernel_name="dme", progress_bar=False
    )
    assert done.cells[0].outputs[0]["text"] == "2\n"
    assert KernelManager(kernel_name="dme").kernel_spec.argv[1:3] == ["-m", "ipykernel_launcher"]
