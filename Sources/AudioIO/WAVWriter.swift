/// Writes 16-bit samples to a WAV file as they come; the header is completed when it is closed.
///
/// ```swift
/// var writer = try WAVWriter(path: "heard.wav", sampleRate: 48_000, channels: 1)
/// try writer.write(samples.span)
/// try writer.close()
/// ```
public struct WAVWriter: ~Copyable {
    public let sampleRate: Int
    public let channels: Int
    /// Samples of each channel written so far.
    public private(set) var frames = 0

    private var stream: FileStream
    private var bytesWritten = 0

    /// Creates the file, or empties the one that is there.
    public init(path: String, sampleRate: Int = 48_000, channels: Int = 1) throws(AudioError) {
        var opened = try FileStream(path: path, mode: .write)
        try opened.write(Self.header(sampleRate, max(1, channels), length: 0))
        stream = opened
        self.sampleRate = sampleRate
        self.channels = max(1, channels)
    }

    /// Appends interleaved samples.
    public mutating func write(_ samples: Span<Int16>) throws(AudioError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * samples.count)
        for index in samples.indices { bytes.append(littleEndian: samples[index]) }
        try stream.write(bytes)
        bytesWritten += bytes.count
        frames += samples.count / channels
    }

    /// Writes what is still in memory and completes the header, so that the file can be read even
    /// if the program ends now.
    public mutating func flush() throws(AudioError) {
        try stream.seek(to: 0)
        try stream.write(Self.header(sampleRate, channels, length: bytesWritten))
        try stream.seek(to: 44 + bytesWritten)
        try stream.flush()
    }

    /// Completes the file.
    ///
    /// A writer that goes away without this leaves a file whose header says nothing of its length,
    /// which most programs read all the same.
    public consuming func close() throws(AudioError) { try flush() }

    private static func header(_ sampleRate: Int, _ channels: Int, length: Int) -> [UInt8] {
        // The lengths have 32 bits; a longer recording says the longest.
        let data = UInt32(clamping: length)
        var bytes: [UInt8] = []
        bytes.append(contentsOf: "RIFF".utf8)
        bytes.append(littleEndian: UInt32(clamping: length + 36))
        bytes.append(contentsOf: "WAVEfmt ".utf8)
        bytes.append(littleEndian: 16 as UInt32)
        bytes.append(littleEndian: 1 as UInt16)
        bytes.append(littleEndian: UInt16(clamping: channels))
        bytes.append(littleEndian: UInt32(clamping: sampleRate))
        bytes.append(littleEndian: UInt32(clamping: 2 * sampleRate * channels))
        bytes.append(littleEndian: UInt16(clamping: 2 * channels))
        bytes.append(littleEndian: 16 as UInt16)
        bytes.append(contentsOf: "data".utf8)
        bytes.append(littleEndian: data)
        return bytes
    }
}
