import AudioIO
import Testing

@testable import Caller

@Suite("What is said")
struct AudioSourceTests {
    @Test func aFileComesInFramesOf20MillisecondsAndTheLastIsFilledUp() throws {
        let folder = try TemporaryFolder()
        let samples = (0..<2_000).map { Int16($0 + 1) }
        var writer = try WAVWriter(path: folder.path("said.wav"))
        try writer.write(samples.span)
        try writer.close()

        var source = try AudioSource(.file(folder.path("said.wav")))
        #expect(source.next() == Array(samples[..<960]))
        #expect(source.next() == Array(samples[960..<1_920]))
        #expect(!source.isAtEnd)
        #expect(
            source.next() == Array(samples[1_920...]) + [Int16](repeating: 0, count: 880)
        )
        #expect(source.isAtEnd)
        #expect(source.next() == nil)
    }

    @Test func aToneGoesOnWithoutASeam() throws {
        var source = try AudioSource(.tone(hertz: 440))
        let frames = (0..<3).flatMap { _ in source.next() ?? [] }
        var tone = Tone(frequency: 440)
        #expect(frames == tone.next(frames: 2_880))
        #expect(!source.isAtEnd)
    }

    @Test func silenceSaysNothing() throws {
        var source = try AudioSource(.silence)
        #expect(source.next() == nil)
        #expect(!source.isAtEnd)
    }

    @Test func aFileThatIsMissingIsAnError() {
        #expect(throws: AudioError.self) { try AudioSource(.file("/nowhere.wav")) }
    }
}
