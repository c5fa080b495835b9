import Glibc

/// The sample of speech that comes with the program.
enum DemoSpeech {
    /// Where it lies: in the checkout the program was built from, or in the current folder.
    static var path: String {
        let inCheckout = root + "/Fixtures/audio/speech.wav"
        // The call reads the path and keeps no pointer.
        return unsafe access(inCheckout, R_OK) == 0 ? inCheckout : "Fixtures/audio/speech.wav"
    }

    private static var root: String {
        // …/Examples/Caller/Demo/DemoSpeech.swift
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }
}
