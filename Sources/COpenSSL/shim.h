#ifndef SWIFTLET_COPENSSL_H
#define SWIFTLET_COPENSSL_H

// A re-used SHA_CTX or HMAC_CTX costs half of EVP_MAC, and is deprecated for style alone.
#ifndef OPENSSL_SUPPRESS_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#endif

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/time.h>

// Swift sees no macro with arguments and no variadic function: each has a wrapper here.

// A key made by EVP_EC_gen has no "legacy" form, so X509_set_pubkey writes it to DER and reads it back
// through the generic decoders: 150 of the 240 microseconds that a certificate takes.
static inline EVP_PKEY *swiftlet_generate_p256(void) {
    EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    EVP_PKEY *wrapped = EVP_PKEY_new();
    if (key && wrapped && EC_KEY_generate_key(key) == 1 && EVP_PKEY_assign_EC_KEY(wrapped, key) == 1) {
        return wrapped;
    }
    EC_KEY_free(key);
    EVP_PKEY_free(wrapped);
    return NULL;
}

static inline int swiftlet_ctx_allow_dtls12_only(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION)
        && SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION);
}

static inline int swiftlet_ctx_set_groups(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_groups_list(context, list);
}

static inline int swiftlet_ctx_set_signatures(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_sigalgs_list(context, list);
}

// No session is ever resumed, no ticket issued, no chain built, and no MTU asked of a socket.
static inline void swiftlet_ctx_set_frugal(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_options(
        context,
        SSL_OP_NO_TICKET | SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION
            | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
}

// Also bounds the reassembly of any other handshake message.
static inline void swiftlet_ctx_set_maximum_chain(SSL_CTX *context, long bytes) {
    SSL_CTX_set_max_cert_list(context, bytes);
}

static inline void swiftlet_ssl_set_mtu(SSL *ssl, long bytes) { SSL_set_mtu(ssl, bytes); }

static inline void swiftlet_ssl_set_maximum_fragment(SSL *ssl, long bytes) {
    SSL_set_max_send_fragment(ssl, bytes);
}

static inline long swiftlet_ssl_handle_timeout(SSL *ssl) { return DTLSv1_handle_timeout(ssl); }

// What is left by OpenSSL's own clock, in microseconds; negative if no timer runs.
static inline long long swiftlet_ssl_time_left(SSL *ssl) {
    struct timeval left;
    if (!DTLSv1_get_timeout(ssl, &left)) { return -1; }
    return (long long)left.tv_sec * 1000000 + left.tv_usec;
}

#endif
