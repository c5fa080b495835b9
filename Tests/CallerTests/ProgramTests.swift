import Foundation
import LinuxIO
import Signaling
import Testing

/// The built program in processes of its own, as on two terminals.
@Suite("The program swiftlet")
struct ProgramTests {
    @Test(.timeLimit(.minutes(1)))
    func twoProgramsTalkUntilTheCallerPressesControlC() async throws {
        let folder = try TemporaryFolder()
        let (server, url) = try await signalingServer()
        let answer = try SpawnedProgram(
            "answer",
            "--id",
            "right",
            "--server",
            url,
            "--json",
            "--record",
            folder.path("heard.wav")
        )
        #expect(await answer.line(with: #""event":"waiting""#) != nil)
        let call = try SpawnedProgram(
            "call",
            "--id",
            "left",
            "--to",
            "right",
            "--server",
            url,
            "--json",
            "--tone",
            "440"
        )
        #expect(await call.line(with: #""event":"connected""#) != nil)
        #expect(await answer.line(with: #""event":"connected""#) != nil)
        // The level rises when the tone is heard.
        #expect(await answer.line(with: #""levelDecibels":-2"#) != nil)

        call.interrupt()
        #expect(await call.line(with: #""event":"ended","by":"local""#) != nil)
        #expect(await answer.line(with: #""event":"ended","by":"peer""#) != nil)
        #expect(await call.end() == ("", 0))
        #expect(await answer.end() == ("", 0))
        server.interrupt()
        #expect(await server.end().code == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("heard.wav"))
        #expect((attributes[.size] as? Int ?? 0) > 1_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func theAnswererMayEndTheCallToo() async throws {
        let (server, url) = try await signalingServer()
        let answer = try SpawnedProgram("answer", "--id", "right", "--server", url)
        #expect(await answer.line(with: "waiting for a call") != nil)
        let call = try SpawnedProgram("call", "--id", "left", "--to", "right", "--server", url)
        #expect(await call.line(with: "connected with right after") != nil)
        #expect(await answer.line(with: "connected with left after") != nil)
        answer.interrupt()
        #expect(await answer.line(with: "the call has ended") != nil)
        #expect(await call.line(with: "right has hung up") != nil)
        #expect(await answer.end() == ("", 0))
        #expect(await call.end() == ("", 0))
        server.interrupt()
        _ = await server.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func whoeverCallsSomebodyWhoTalksIsToldSo() async throws {
        let (server, url) = try await signalingServer()
        let answer = try SpawnedProgram("answer", "--id", "right", "--server", url)
        #expect(await answer.line(with: "waiting for a call") != nil)
        let call = try SpawnedProgram("call", "--id", "left", "--to", "right", "--server", url)
        #expect(await call.line(with: "connected with right after") != nil)

        let third = try SpawnedProgram("call", "--id", "third", "--to", "right", "--server", url)
        #expect(await third.line(with: "right is busy or has hung up") != nil)
        #expect(await third.end().code == 1)

        call.interrupt()
        #expect(await call.end().code == 0)
        #expect(await answer.end().code == 0)
        server.interrupt()
        _ = await server.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func anUnusableOfferIsRefusedAndTheNextCallIsTaken() async throws {
        let (server, url) = try await signalingServer()
        let answer = try SpawnedProgram("answer", "--id", "right", "--server", url)
        #expect(await answer.line(with: "waiting for a call") != nil)

        let loop = try EventLoop(name: "odd")
        let odd = try await SignalingClient.connect(to: url, as: "odd", on: loop)
        try await odd.send(.offer("v=0\r\no=nobody\r\n"), to: "right")
        for await message in odd.messages {
            #expect(message.content == .disconnect)
            break
        }
        await odd.close()
        await loop.stop()

        let call = try SpawnedProgram("call", "--id", "left", "--to", "right", "--server", url)
        #expect(await call.line(with: "connected with right after") != nil)
        call.interrupt()
        #expect(await call.end().code == 0)
        let (errors, code) = await answer.end()
        #expect(errors.hasPrefix("swiftlet: odd sent something unusable: the offer has no audio"))
        #expect(code == 0)
        server.interrupt()
        _ = await server.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func callingNobodyEndsWithAMessage() async throws {
        let (server, url) = try await signalingServer()
        let call = try SpawnedProgram("call", "--id", "left", "--to", "nobody", "--server", url)
        let (errors, code) = await call.end()
        #expect(code == 1)
        #expect(errors.contains("Nobody is registered as \"nobody\""))
        // Once, not once for each candidate.
        #expect(errors.split(separator: "\n").count == 1)
        server.interrupt()
        _ = await server.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func controlCEndsARingingCallAndAWaitingAnswerer() async throws {
        let (server, url) = try await signalingServer()
        let answer = try SpawnedProgram("answer", "--id", "right", "--server", url)
        #expect(await answer.line(with: "waiting for a call") != nil)
        answer.interrupt()
        #expect(await answer.end() == ("", 0))

        // Somebody who is registered, but does not speak our protocol: the call rings.
        let deaf = try SpawnedProgram("answer", "--id", "deaf", "--server", url)
        #expect(await deaf.line(with: "waiting for a call") != nil)
        deaf.suspend()
        let call = try SpawnedProgram("call", "--id", "left", "--to", "deaf", "--server", url)
        #expect(await call.line(with: "ringing") != nil)
        call.interrupt()
        #expect(await call.line(with: "no call came about") != nil)
        #expect(await call.end() == ("", 0))
        deaf.kill()
        server.interrupt()
        _ = await server.end()
    }

    @Test(.timeLimit(.minutes(1)))
    func aServerWhoseOutputNobodyReadsGoesOn() async throws {
        let (server, url) = try await signalingServer(reading: 1)
        #expect(await server.line(with: "after the first line") == nil)
        for _ in 0..<2 {
            let call = try SpawnedProgram("call", "--id", "left", "--to", "nobody", "--server", url)
            #expect(await call.end().code == 1)
        }
        server.interrupt()
        #expect(await server.end().code == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func aServerThatGoesAwayEndsACallThatRings() async throws {
        let (server, url) = try await signalingServer()
        let deaf = try SpawnedProgram("answer", "--id", "deaf", "--server", url)
        #expect(await deaf.line(with: "waiting for a call") != nil)
        deaf.suspend()
        let call = try SpawnedProgram("call", "--id", "left", "--to", "deaf", "--server", url)
        #expect(await call.line(with: "ringing") != nil)
        server.interrupt()
        _ = await server.end()
        let (errors, code) = await call.end()
        #expect(errors.contains("the signaling server has closed the connection"))
        #expect(code == 1)
        deaf.kill()
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (["call", "--id", "left"], 2, "--to is missing"),
            (["call", "--id", "left", "--to", "right", "--tone", "low"], 2, "is no tone"),
            (["ring"], 2, "is no command"),
            (
                ["answer", "--id", "right", "--server", "ws://127.0.0.1:1"], 3,
                "no signaling server at 127.0.0.1:1"
            ),
            (["signal", "--port", "1", "--host", "203.0.113.77"], 5, "203.0.113.77"),
            (["demo", "--play", "/nowhere.wav"], 4, "cannot open /nowhere.wav"),
            (["demo", "--record", "/nowhere/heard.wav"], 4, "cannot open /nowhere/heard.wav"),
        ] as [([String], Int32, String)]
    )
    func saysWhatIsWrong(words: [String], code: Int32, message: String) async throws {
        let (errors, actual) = await (try SpawnedProgram(words)).end()
        #expect(actual == code)
        #expect(errors.contains(message))
        #expect(errors.hasPrefix("swiftlet: "))
    }

    private func signalingServer(
        reading lines: Int = .max
    ) async throws -> (SpawnedProgram, url: String) {
        let server = try SpawnedProgram(["signal", "--port", "0", "--json"], reading: lines)
        let line = try #require(await server.line(with: #""event":"listening""#))
        let start = try #require(line.range(of: "ws://"))
        let end = try #require(line[start.lowerBound...].firstIndex(of: "\""))
        return (server, String(line[start.lowerBound..<end]))
    }
}
