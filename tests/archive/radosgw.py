"""A real and strict S3 server for the tests: Ceph's gateway over a cluster of one machine.

Monitor and object daemon live in memory and in one folder; no service of the system is touched.
Ceph needs no manager daemon for this. Each process is ended by its own number.
"""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.archive.certificates import Certificates, made_certificates
from tests.archive.s3_server import ACCESS_KEY, SECRET_KEY

_PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
_READY_S = 60
COLD = "STANDARD_IA"  # a storage class of its own
INSTALL = "apt-get install --no-install-recommends radosgw ceph-mon ceph-osd"

_SETTINGS = """
[global]
fsid = {cluster}
mon host = [v2:127.0.0.1:{monitor_v2},v1:127.0.0.1:{monitor_v1}]
mon initial members = a
mon data = {folder}/mon
osd data = {folder}/osd
rgw data = {folder}/rgw
run dir = {folder}
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
pid file =
admin socket =
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms bind ipv6 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 2147483648
rgw thread pool size = 16
rgw frontends = beast endpoint=127.0.0.1:{port} ssl_endpoint=127.0.0.1:{tls_port} \
ssl_certificate={certificate} ssl_private_key={key} tcp_nodelay=1
"""


def why_no_radosgw() -> str | None:
    """Why it cannot be started here and what to do, or None where it can."""
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    return f"needs Ceph's {', '.join(missing)}: {INSTALL}" if missing else None


class Radosgw:
    """A gateway that can be stopped and started while its cluster goes on."""

    def __init__(self, folder: Path) -> None:
        self.certificates: Certificates = made_certificates(folder)
        self._folder = folder
        self._settings = folder / "ceph.conf"
        monitor_v2, monitor_v1, port, tls_port = _free_ports(4)
        self.endpoint = f"http://127.0.0.1:{port}"
        self.tls_endpoint = f"https://127.0.0.1:{tls_port}"
        self._settings.write_text(
            _SETTINGS.format(
                cluster=uuid.uuid4(),
                folder=folder,
                monitor_v2=monitor_v2,
                monitor_v1=monitor_v1,
                port=port,
                tls_port=tls_port,
                certificate=self.certificates.certificate,
                key=self.certificates.key,
            ),
            encoding="utf-8",
        )
        self._monitor = f"[v2:127.0.0.1:{monitor_v2},v1:127.0.0.1:{monitor_v1}]"
        self._gateway: subprocess.Popen[bytes] | None = None

    def start_cluster(self, stack: ExitStack) -> None:
        """The monitor, the object daemon and the user; all end with the stack."""
        folder, osd = self._folder, str(uuid.uuid4())
        for name in ("mon", "osd"):
            (folder / name).mkdir()
        monmap = str(folder / "monmap")
        self.run("monmaptool", "--create", "--addv", "a", self._monitor, monmap)
        self.run("ceph-mon", "--mkfs", "-i", "a", "--monmap", monmap)
        stack.enter_context(_running(self._begin("ceph-mon", "-f", "-i", "a")))
        self.run("ceph", "osd", "new", osd, "0")
        self.run("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", osd)
        stack.enter_context(_running(self._begin("ceph-osd", "-f", "-i", "0")))
        self.admin(
            *("user", "create", "--uid", "salname", "--display-name", "salname"),
            *("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY),
        )
        place = ("placement", "add", "--placement-id", "default-placement")
        self.admin("zonegroup", *place, "--storage-class", COLD)
        self.admin("zone", *place, "--storage-class", COLD, "--data-pool", "default.rgw.cold")

    def start(self) -> None:
        """Start the gateway, and wait until it answers."""
        self._gateway = self._begin("radosgw", "-f", "-n", "client.admin")
        deadline = time.monotonic() + _READY_S
        while True:
            with suppress(OSError), closing(urllib.request.urlopen(self.endpoint)):  # noqa: S310  # loopback
                return
            assert time.monotonic() < deadline, "radosgw does not answer"
            assert self._gateway.poll() is None, "radosgw has ended"
            time.sleep(0.1)

    def kill(self) -> None:
        """End the gateway at once, whatever it does."""
        if self._gateway is not None:
            self._gateway.kill()
            self._gateway.wait()

    def restart(self) -> None:
        """Kill it and start it again, on the same port."""
        self.kill()
        self.start()

    def admin(self, *arguments: str) -> None:
        """Run a command of radosgw-admin."""
        self.run("radosgw-admin", *arguments)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of Ceph's programs to its end."""
        command = [program, "-c", str(self._settings), *arguments]
        done = subprocess.run(
            command, check=False, capture_output=True, timeout=_READY_S, env=_ENVIRONMENT
        )
        assert done.returncode == 0, done.stderr.decode()

    def _begin(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [program, "-c", str(self._settings), *arguments]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=_ENVIRONMENT)


_ENVIRONMENT = {**os.environ, "CEPH_ARGS": ""}


@contextmanager
def serving_radosgw() -> Iterator[Radosgw]:
    """A gateway with a cluster of its own, until the context is left."""
    # A socket's path may have 107 bytes, and pytest's folders have long names.
    with TemporaryDirectory(prefix="salname-ceph-") as folder, ExitStack() as stack:
        gateway = Radosgw(Path(folder))
        gateway.start_cluster(stack)
        stack.callback(gateway.kill)
        gateway.start()
        yield gateway


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
