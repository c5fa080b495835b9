import AudioIO
import Testing

@testable import Caller

@Suite("swiftlet demo")
struct DemoTests {
    @Test(.timeLimit(.minutes(1)))
    func hearsWhatWasSaid() async throws {
        let folder = try TemporaryFolder()
        let options = DemoOptions(recording: folder.path("heard.wav"))
        #expect(await DemoCommand.run(options, console: .silent) == .success)
        // Not only the program says so: the recording is there, and like the sample.
        let comparison = AudioComparison(
            original: try WAVReader.load(path: DemoSpeech.path),
            recording: try WAVReader.load(path: folder.path("heard.wav"))
        )
        #expect(comparison.correlation >= 0.9)
        #expect(comparison.heardShare > 0.95)
    }

    @Test(.timeLimit(.minutes(1)))
    func failsWhenTheWayIsMuted() async throws {
        let folder = try TemporaryFolder()
        let options = DemoOptions(recording: folder.path("heard.wav"), isMuted: true)
        #expect(await DemoCommand.run(options, console: .silent) == .demoFailed)
    }
}
