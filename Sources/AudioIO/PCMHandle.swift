import CALSA
import Glibc

/// An open ALSA device of 16-bit interleaved samples.
///
/// Closed when the value goes away.
@safe struct PCMHandle: ~Copyable, Sendable {
    enum Direction: Sendable { case capture, playback }

    let name: String
    let channels: Int
    private let direction: Direction
    // One thread owns the handle from the time it is opened.
    private nonisolated(unsafe) let handle: OpaquePointer

    init(
        name: String,
        direction: Direction,
        configuration: PCMConfiguration
    ) throws(AudioError) {
        calsa_be_silent()
        var opened: OpaquePointer?
        let stream: snd_pcm_stream_t
        let operation: AudioError.DeviceOperation
        switch direction {
        case .capture: (stream, operation) = (SND_PCM_STREAM_CAPTURE, .openForCapture)
        case .playback: (stream, operation) = (SND_PCM_STREAM_PLAYBACK, .openForPlayback)
        }
        // Not blocking, so that a device that hangs cannot hold the thread that wants to stop.
        let code = unsafe snd_pcm_open(&opened, name, stream, CInt(SND_PCM_NONBLOCK))
        guard code >= 0, let opened = unsafe opened else {
            throw .device(name: name, operation: operation, code: code)
        }
        let configured = unsafe snd_pcm_set_params(
            opened,
            SND_PCM_FORMAT_S16_LE,
            SND_PCM_ACCESS_RW_INTERLEAVED,
            CUnsignedInt(clamping: configuration.channels),
            CUnsignedInt(clamping: configuration.sampleRate),
            1,
            configuration.latencyMicroseconds
        )
        guard configured >= 0 else {
            unsafe _ = snd_pcm_close(opened)
            throw .device(name: name, operation: .configure, code: configured)
        }
        self.name = name
        self.direction = direction
        channels = configuration.channels
        unsafe handle = opened
    }

    deinit { unsafe _ = snd_pcm_close(handle) }

    /// Waits until the device can go on, or for a tenth of a second.
    func wait() throws(AudioError) {
        let code = unsafe snd_pcm_wait(handle, 100)
        if code < 0 { try recover(from: code) }
    }

    func start() { unsafe _ = snd_pcm_start(handle) }

    /// Reads recorded samples from frame `start` on and returns how many frames came.
    func read(
        into samples: inout [Int16],
        from start: Int,
        frames: Int
    ) throws(AudioError) -> Int {
        // The array has room for the frames asked for.
        let count = unsafe samples.withUnsafeMutableBufferPointer { buffer in
            unsafe snd_pcm_readi(
                handle,
                buffer.baseAddress.map { unsafe $0 + start * channels },
                snd_pcm_uframes_t(frames)
            )
        }
        return try transferred(count)
    }

    /// Writes samples to be played from frame `start` on and returns how many frames were taken.
    func write(_ samples: [Int16], from start: Int, frames: Int) throws(AudioError) -> Int {
        // The array holds the frames that are offered.
        let count = unsafe samples.withUnsafeBufferPointer { buffer in
            unsafe snd_pcm_writei(
                handle,
                buffer.baseAddress.map { unsafe $0 + start * channels },
                snd_pcm_uframes_t(frames)
            )
        }
        return try transferred(count)
    }

    private func transferred(_ count: Int) throws(AudioError) -> Int {
        guard count < 0 else { return count }
        guard count != -Int(EAGAIN) else { return 0 }
        try recover(from: CInt(clamping: count))
        return 0
    }

    /// An overrun or underrun, or a machine that slept: begin again (ALSA's own remedy).
    private func recover(from code: CInt) throws(AudioError) {
        let result = unsafe snd_pcm_recover(handle, code, 1)
        guard result < 0 else {
            if direction == .capture { start() }
            return
        }
        let operation: AudioError.DeviceOperation
        switch direction {
        case .capture: operation = .read
        case .playback: operation = .write
        }
        throw .device(name: name, operation: operation, code: result)
    }
}
