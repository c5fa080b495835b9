import CALSA
import Glibc
public import Wire

/// Why sound could not be read, written, recorded or played.
public enum AudioError: Error, Hashable, Sendable {
    /// The operating system refused an operation on a file.
    case file(path: String, operation: FileOperation, code: CInt)
    /// The file is no WAV file.
    case malformed(path: String, ParseError)
    /// The file is a WAV file of a kind that is not read.
    case unsupportedEncoding(path: String, tag: UInt16, bits: Int)
    /// ALSA refused an operation on a device.
    case device(name: String, operation: DeviceOperation, code: CInt)
    /// A thread for the device could not be started.
    case thread(code: CInt)

    public enum FileOperation: String, Hashable, Sendable { case open, read, write, close }

    public enum DeviceOperation: String, Hashable, Sendable {
        case openForCapture = "open for capture"
        case openForPlayback = "open for playback"
        case configure, read, write, list
    }
}

extension AudioError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let operation, let code):
            "cannot \(operation.rawValue) \(path): \(Self.systemText(code))"
        case .malformed(let path, let error): "\(path) is no WAV file: \(error)"
        case .unsupportedEncoding(let path, let tag, let bits):
            "\(path) holds format \(tag) with \(bits) bits: convert it to 16-bit PCM, "
                + "for example with `sox in.wav -b 16 out.wav`"
        case .device(let name, let operation, let code):
            "cannot \(operation.rawValue) the sound device '\(name)': "
                + "\(Self.deviceText(code)). \(Self.advice(code, name))"
        case .thread(let code):
            "cannot start a thread for sound: \(Self.systemText(code))"
        }
    }

    private static func advice(_ code: CInt, _ name: String) -> String {
        switch abs(code) {
        case EBUSY: "Another program uses it: close that, or use 'default' or 'pulse'."
        case EACCES, EPERM: "Add the user to the group 'audio'."
        case ENOENT, ENODEV, ENXIO:
            "`aplay -L` and `arecord -L` list the names; 'null' works without a sound card."
        case EINVAL: "It does not do this sample rate or channel count: try 'plug:\(name)'."
        default: "`aplay -L` and `arecord -L` list the names of others."
        }
    }

    private static func systemText(_ code: CInt) -> String {
        // `strerror` returns text that ends with a zero and lives until the next call.
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    private static func deviceText(_ code: CInt) -> String {
        // `snd_strerror` returns static text that ends with a zero.
        unsafe snd_strerror(-abs(code)).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}
