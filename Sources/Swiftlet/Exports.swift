// `import Swiftlet` alone is enough for a call: it brings the types that its own interface shows.

@_exported public import enum ICE.CandidateKind
@_exported public import enum ICE.ICEConnectionState
@_exported public import struct ICE.Candidate
@_exported public import struct ICE.ICEConfiguration
@_exported public import enum Peer.CloseReason
@_exported public import enum Peer.ICEGatheringState
@_exported public import enum Peer.PeerConnectionState
@_exported public import enum Peer.PeerWarning
@_exported public import enum Peer.SignalingState
@_exported public import struct Peer.ICECandidate
@_exported public import struct Peer.SelectedPath
@_exported public import struct Peer.SessionDescription
@_exported public import enum SDP.MediaDirection
@_exported public import struct ICE.ICEStatistics
@_exported public import struct JitterBuffer.JitterBufferConfiguration
@_exported public import struct JitterBuffer.JitterStatistics
@_exported public import struct Opus.OpusEncoderConfiguration
@_exported public import struct Peer.PeerStatistics
@_exported public import struct Peer.ReceivedAudioStatistics
@_exported public import struct Peer.SentAudioStatistics
@_exported public import struct Peer.TransceiverID
