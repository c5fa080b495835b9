extension LintRule {
    /// A video codec has another clock rate than 90000 Hz.
    public static let videoClockRate = LintRule(
        .error,
        "video-clock-rate",
        "RFC 3551 §5",
        "A video codec has another clock rate than 90000 Hz.",
        advice: "Write 90000."
    )

    /// The profile of H.264 is not six hexadecimal digits.
    public static let h264ProfileLevelID = LintRule(
        .warning,
        "h264-profile-level-id",
        "RFC 6184 §8.1",
        "The profile of H.264 is not six hexadecimal digits.",
        advice: "Write profile, constraints and level, such as 42e01f."
    )

    /// The packetization mode of H.264 is not 0, 1 or 2.
    public static let h264PacketizationMode = LintRule(
        .error,
        "h264-packetization-mode",
        "RFC 6184 §8.1",
        "The packetization mode of H.264 is not 0, 1 or 2.",
        advice: "Write packetization-mode=1, which every WebRTC peer takes."
    )

    /// The profile of VP9 is not from 0 to 3.
    public static let vp9ProfileID = LintRule(
        .warning,
        "vp9-profile-id",
        "RFC 9628 §6",
        "The profile of VP9 is not from 0 to 3.",
        advice: "Leave it out for profile 0."
    )

    static let videoRules = [
        videoClockRate, h264ProfileLevelID, h264PacketizationMode, vp9ProfileID,
    ]
}
