import COpenSSL

/// Where OpenSSL's reads and writes go: a memory BIO that keeps datagram boundaries.
///
/// One value per connection, reached through `BIO_get_data` and the SSL's extra data. All callbacks
/// run inside a call that the connection makes itself.
@safe
struct Ports {
    /// The datagram being received; nil when it has been read.
    var input: UnsafeRawBufferPointer?
    /// Where a sealed record goes; nil while datagrams are collected.
    var slot: UnsafeMutableRawBufferPointer?
    /// How much of the slot is used.
    var slotUsed = 0
    /// What OpenSSL wrote since the last turn, oldest first.
    var datagrams: [[UInt8]] = []
    /// How large a datagram may become.
    let datagramSize: Int

    /// What the peer's certificate is checked against, inside the handshake.
    let fingerprints: [CertificateFingerprint]
    /// The peer's certificate once it was accepted.
    var peerCertificate: [UInt8] = []
    /// Whether the peer's certificate was refused.
    var hasRefusedCertificate = false

    /// Whether OpenSSL has its record buffers.
    var hasBuffers = true

    /// What OpenSSL's retransmission timer does.
    var timer: FlightTimer

    init(fingerprints: [CertificateFingerprint], configuration: DTLSConfiguration) {
        self.fingerprints = fingerprints
        datagramSize = configuration.datagramSize
        timer = FlightTimer(maximum: configuration.maximumTimeout.wholeMicroseconds)
    }
}

extension Ports {
    /// BIO_write: one call brings whole records, and no more than a datagram holds.
    ///
    /// OpenSSL sends a flight's records together the first time, but one by one when it sends them again.
    /// They are put together here (RFC 6347 §4.1.1): one datagram is lost less often than five.
    mutating func write(_ bytes: UnsafeRawBufferPointer) -> CInt {
        if let slot = unsafe slot {
            guard bytes.count <= slot.count - slotUsed else { return -1 }
            // The slot outlives the call that lent it, and has room, as just checked.
            unsafe UnsafeMutableRawBufferPointer(rebasing: slot[slotUsed...]).copyMemory(
                from: bytes
            )
            slotUsed += bytes.count
        } else if let used = datagrams.last?.count, used + bytes.count <= datagramSize {
            unsafe datagrams[datagrams.count - 1].append(contentsOf: bytes)
        } else {
            unsafe datagrams.append([UInt8](bytes))
        }
        return CInt(bytes.count)
    }

    /// BIO_read: the whole datagram at once; what does not fit is lost, as with a socket.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> CInt? {
        guard let input = unsafe input else { return nil }
        let count = min(input.count, buffer.count)
        // Both are alive during the call; `count` fits both.
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<count]))
        unsafe self.input = nil
        return CInt(count)
    }
}

/// The methods of the BIO over ``Ports``; nil only if memory has run out.
///
/// Made once, never changed, never freed.
nonisolated(unsafe) let datagramMethod: OpaquePointer? = {
    let type = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let method = unsafe BIO_meth_new(type, "datagrams") else { return nil }
    // Each callback finds the Ports that its BIO was given; they outlive the SSL and so the BIO.
    unsafe BIO_meth_set_write(method) { bio, bytes, count in
        guard let bio = unsafe bio, let bytes = unsafe bytes, count >= 0,
            let ports = unsafe ports(of: bio)
        else { return -1 }
        unsafe BIO_clear_flags(
            bio,
            BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY
        )
        return unsafe ports.pointee.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
    unsafe BIO_meth_set_read(method) { bio, buffer, capacity in
        guard let bio = unsafe bio, let buffer = unsafe buffer, capacity >= 0,
            let ports = unsafe ports(of: bio)
        else { return -1 }
        unsafe BIO_clear_flags(
            bio,
            BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY
        )
        let room = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity))
        if let count = unsafe ports.pointee.read(into: room) { return count }
        unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
        return -1
    }
    unsafe BIO_meth_set_ctrl(method) { bio, command, _, argument in
        switch command {
        case BIO_CTRL_FLUSH, BIO_CTRL_DUP: return 1
        case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
            guard let bio = unsafe bio, let time = unsafe argument,
                let ports = unsafe ports(of: bio)
            else { return 0 }
            // The argument of this command is a timeval that lives during the call.
            unsafe ports.pointee.timer.note(time.assumingMemoryBound(to: timeval.self).pointee)
            return 1
        default: return 0
        }
    }
    return unsafe method
}()

private func ports(of bio: OpaquePointer) -> UnsafeMutablePointer<Ports>? {
    unsafe BIO_get_data(bio)?.assumingMemoryBound(to: Ports.self)
}
