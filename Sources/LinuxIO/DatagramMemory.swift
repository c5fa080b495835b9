import CLinux
import Wire

/// The memory that all sockets of one loop receive into and send from.
///
/// Shared, so that a connection needs none of its own; mapped, so that what is never used takes no
/// room.
@safe final class DatagramMemory {
    /// Whether a socket hands out what lies in the slots, so that they must not be filled anew.
    var isReceiving = false
    /// How many slots the next receive may fill: one when they come back large, or they would be
    /// cold in the processor's cache when they are read.
    var slotLimit = maximumSlots

    private var receiver: OpaquePointer?
    private var plan = SendPlan()
    private var batch = DatagramBatch()
    private var streamBytes: [UInt8] = []

    deinit {
        // Made by `swiftlet_receiver_create`, and nothing else holds it.
        unsafe swiftlet_receiver_destroy(receiver)
    }

    /// Receives into the slots.
    ///
    /// Returns how many were filled, or the negative errno.
    func fill(from descriptor: CInt) -> CInt {
        if unsafe receiver == nil {
            unsafe receiver = swiftlet_receiver_create(CInt(maximumSlots))
        }
        guard let receiver = unsafe receiver else { return -ErrorNumber.outOfMemory }
        // `receiver` lives as long as this object.
        return unsafe swiftlet_receiver_fill(receiver, descriptor, CInt(slotLimit))
    }

    /// What the last fill put into `slot`.
    func message(in slot: CInt) -> swiftlet_received {
        var message = unsafe swiftlet_received()
        // Only slots that a fill has filled are asked for, so there is a receiver.
        if let receiver = unsafe receiver {
            unsafe swiftlet_receiver_get(receiver, slot, &message)
        }
        return unsafe message
    }

    /// Reads from a stream at most ``streamCapacity`` bytes.
    ///
    /// Returns how many, or the negative errno.
    func readStream(_ descriptor: CInt) -> (result: Int64, bytes: [UInt8]) {
        if streamBytes.isEmpty {
            streamBytes = [UInt8](repeating: 0, count: DatagramMemory.streamCapacity)
        }
        let result = unsafe streamBytes.withUnsafeMutableBufferPointer { bytes in
            // The call writes into this buffer only, and keeps no pointer.
            unsafe swiftlet_read(descriptor, bytes.baseAddress, bytes.count)
        }
        return (result, result > 0 ? [UInt8](streamBytes.prefix(Int(result))) : [])
    }

    static let streamCapacity = 65_536

    /// Chooses how many slots the next fill may use, knowing what the last one brought.
    func adapt(toBytes bytes: Int, inSlots slots: Int) {
        slotLimit = bytes > slots * largeRun ? 1 : maximumSlots
    }

    /// The arrays of the last sending.
    func takePlan() -> SendPlan {
        var taken = SendPlan()
        swap(&taken, &plan)
        return taken
    }

    func giveBack(_ used: consuming SendPlan) { plan = used }

    /// The shared batch; a second borrower at the same time gets a fresh one.
    func takeBatch() -> DatagramBatch {
        var taken = DatagramBatch()
        swap(&taken, &batch)
        return taken
    }

    func giveBack(_ used: consuming DatagramBatch) {
        used.removeAll(keeping: batchMemory)
        batch = used
    }
}

private let maximumSlots = 32
private let largeRun = 16_384
private let batchMemory = 256 * 1_024
