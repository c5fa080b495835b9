import Swiftlet

let caller = try PeerConnection()
let answerer = try PeerConnection()
let microphone = try await caller.addAudioTrack()
try await caller.setLocalDescription()
try await answerer.setRemoteDescription(caller.localDescription!)
try await answerer.setLocalDescription()
try await caller.setRemoteDescription(answerer.localDescription!)
try await caller.connected()
try await microphone.send(.silence(samples: 960))
print("connected")
await caller.close()
