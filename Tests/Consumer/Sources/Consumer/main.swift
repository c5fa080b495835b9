import Swiftlet

let caller = try PeerConnection()
let answerer = try PeerConnection()
let microphone = try await caller.addAudioTrack()
let offer = try await caller.setLocalDescription()
try await answerer.setRemoteDescription(offer)
let answer = try await answerer.setLocalDescription()
try await caller.setRemoteDescription(answer)
try await caller.connected()
try await microphone.send(.silence(samples: 960))
print("connected")
await caller.close()
