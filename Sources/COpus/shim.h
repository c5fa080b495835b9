#ifndef SWIFTLET_COPUS_H
#define SWIFTLET_COPUS_H

#include <opus.h>

/* opus_encoder_ctl is variadic, which Swift cannot call. */

static inline int copus_set_bitrate(OpusEncoder *encoder, opus_int32 bits) {
    return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bits));
}

static inline int copus_set_inband_fec(OpusEncoder *encoder, opus_int32 is_on) {
    return opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(is_on));
}

static inline int copus_set_expected_loss(OpusEncoder *encoder, opus_int32 percent) {
    return opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(percent));
}

static inline int copus_set_dtx(OpusEncoder *encoder, opus_int32 is_on) {
    return opus_encoder_ctl(encoder, OPUS_SET_DTX(is_on));
}

static inline int copus_set_complexity(OpusEncoder *encoder, opus_int32 complexity) {
    return opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity));
}

static inline int copus_set_voice(OpusEncoder *encoder) {
    return opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
}

static inline int copus_get_lookahead(OpusEncoder *encoder, opus_int32 *samples) {
    return opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(samples));
}

static inline int copus_reset_encoder(OpusEncoder *encoder) {
    return opus_encoder_ctl(encoder, OPUS_RESET_STATE);
}

static inline int copus_reset_decoder(OpusDecoder *decoder) {
    return opus_decoder_ctl(decoder, OPUS_RESET_STATE);
}

#endif
