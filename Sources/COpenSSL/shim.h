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
#include <openssl/pem.h>
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

// MARK: TLS over streams

// TLS 1.2 and later; no session is resumed, no ticket issued or kept, nothing renegotiated.
static inline int swiftlet_tls_configure(SSL_CTX *context, long maximum_chain) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(
        context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_options(
        context,
        SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
            | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_max_cert_list(context, maximum_chain);
    return SSL_CTX_set_num_tickets(context, 0)
        && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

static inline int swiftlet_ctx_add_chain(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int swiftlet_ssl_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// A memory BIO that only reads `bytes`, which must outlive it.
static inline BIO *swiftlet_bio_reading(const unsigned char *bytes, int length) {
    return BIO_new_mem_buf(bytes, length);
}

// Asks nobody for a password: the default would prompt on the terminal.
static inline int swiftlet_no_password(char *buffer, int size, int writes, void *context) {
    (void)buffer, (void)size, (void)writes, (void)context;
    return -1;
}

static inline EVP_PKEY *swiftlet_read_private_key(BIO *bio) {
    return PEM_read_bio_PrivateKey(bio, NULL, swiftlet_no_password, NULL);
}

static inline X509 *swiftlet_read_certificate(BIO *bio) {
    return PEM_read_bio_X509(bio, NULL, swiftlet_no_password, NULL);
}

static inline GENERAL_NAMES *swiftlet_x509_alternative_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

static inline int swiftlet_names_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

// The kind of name `index` (GEN_DNS, GEN_IPADD, or 0 for others) and where its bytes are.
static inline int swiftlet_names_get(
    const GENERAL_NAMES *names, int index, const unsigned char **bytes, int *length) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (!name || (name->type != GEN_DNS && name->type != GEN_IPADD)) { return 0; }
    const ASN1_STRING *text = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    *bytes = ASN1_STRING_get0_data(text);
    *length = ASN1_STRING_length(text);
    return name->type;
}

// Adds an extension in the notation of OpenSSL's configuration files.
static inline int swiftlet_x509_extend(
    X509 *certificate, X509 *issuer, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    if (!extension) { return 0; }
    int result = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return result;
}

#endif
