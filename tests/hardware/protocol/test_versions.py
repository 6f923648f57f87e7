"""Master and slave of different versions: each can say so, and neither takes the other's status for a broken line."""

from __future__ import annotations

import pytest

from hardware.protocol import (
    PROTOCOL_VERSION,
    REPLY_HEADER,
    DriveInsufflator,
    FrameDecoder,
    Identify,
    Identity,
    Reason,
    Refusal,
    ReplyMalformedError,
    decode_reply,
    encode_request,
    identity_problem,
)
from hardware.readings import MODULES, Address, InsufflatorDrive
from hardware.simulator.rig import Rig
from tests.hardware.conformance.broken_requests import OldVersion


def ask(slave, request, sequence: int = 1):
    decoder = FrameDecoder(REPLY_HEADER)
    (frame,) = decoder.feed(slave.receive(encode_request(request, sequence)))
    assert decoder.counts.crc_errors == decoder.counts.discarded_bytes == 0
    return decode_reply(frame, request, sequence, 0.0)


def test_an_old_slave_refuses_this_version_and_tells_its_own():
    slave = OldVersion(Rig().gas)
    refusal = ask(slave, Identify(Address.INSUFFLATOR))
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.PROTOCOL_VERSION
    identity = ask(slave, Identify(Address.INSUFFLATOR, 1), 2)
    assert isinstance(identity, Identity)
    assert "version 1, this program version 2" in (identity_problem(identity, Address.INSUFFLATOR) or "")


def test_an_old_slave_s_status_is_called_old_and_not_damaged():
    with pytest.raises(ReplyMalformedError, match="protocol version 1"):
        ask(OldVersion(Rig().gas), DriveInsufflator(InsufflatorDrive()))


@pytest.mark.parametrize("address", MODULES)
def test_a_slave_of_today_refuses_an_old_master_and_a_newer_one(address):
    rig = Rig()
    (slave,) = [slave for slave in rig.slaves.values() if slave.address is address]
    for version in (PROTOCOL_VERSION - 1, PROTOCOL_VERSION + 1):
        refusal = ask(slave, Identify(address, version), version)
        assert isinstance(refusal, Refusal)
        assert refusal.reason is Reason.PROTOCOL_VERSION
