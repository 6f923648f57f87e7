"""Networks of others, written from their papers, to compare our generator with on equal terms."""

from vision.peers.peer import PEERS, Peer, load

__all__ = ["PEERS", "Peer", "load"]
