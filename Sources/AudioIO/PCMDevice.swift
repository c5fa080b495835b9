import CALSA
import Glibc

/// A sound device that ALSA offers.
public struct PCMDevice: Hashable, Sendable {
    /// What to open it by, for example "default" or "hw:CARD=PCH,DEV=0".
    public var name: String
    /// What it is, in words; may have several lines.
    public var description: String
    public var canCapture: Bool
    public var canPlay: Bool

    /// All devices, in ALSA's order; empty only if ALSA is not configured.
    public static func list() throws(AudioError) -> [PCMDevice] {
        calsa_be_silent()
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        let code = unsafe snd_device_name_hint(-1, "pcm", &hints)
        guard code >= 0, let list = unsafe hints else {
            throw .device(name: "*", operation: .list, code: code)
        }
        defer { unsafe _ = snd_device_name_free_hint(list) }
        var devices: [PCMDevice] = []
        var index = 0
        // The list ends with a null pointer.
        while let hint = unsafe list[index] {
            index += 1
            guard let name = unsafe text("NAME", of: hint) else { continue }
            // No direction means both.
            let direction = unsafe text("IOID", of: hint)
            devices.append(
                PCMDevice(
                    name: name,
                    description: unsafe text("DESC", of: hint) ?? "",
                    canCapture: direction != "Output",
                    canPlay: direction != "Input"
                )
            )
        }
        return devices
    }

    private static func text(_ key: String, of hint: UnsafeMutableRawPointer) -> String? {
        // ALSA allocates the text with `malloc` and leaves it to us.
        guard let text = unsafe snd_device_name_get_hint(hint, key) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }
}
