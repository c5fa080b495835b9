#include "CLeanOpenSSL.h"

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>
#include <openssl/ssl.h>
#include <string.h>

// For each public key that OpenSSL 3.0 reads it asks every decoder of every provider whether it
// might help: 0.08 ms of the 0.11 ms a certificate takes, twice in a handshake, while both peers
// wait. So the handshakes have a library context of their own, with a provider that is the default
// one less all encoders, and less all decoders but those of public keys in certificates we take.

enum { maximum_decoders = 16 };

static OSSL_PROVIDER *whole;
static OSSL_ALGORITHM decoders[maximum_decoders + 1];

// The names are lists with colons between; of those that begin so, EC, RSA and RSA-PSS are meant.
static int reads_our_certificates(const OSSL_ALGORITHM *decoder) {
    const char *names = decoder->algorithm_names;
    const char *properties = decoder->property_definition;
    return (strncmp(names, "EC", 2) == 0 || strncmp(names, "RSA", 3) == 0)
        && strstr(properties, "input=der") && strstr(properties, "structure=SubjectPublicKeyInfo");
}

static void choose_decoders(void) {
    int no_cache = 0, count = 0;
    const OSSL_ALGORITHM *decoder =
        OSSL_PROVIDER_query_operation(whole, OSSL_OP_DECODER, &no_cache);
    for (; decoder && decoder->algorithm_names && count < maximum_decoders; decoder++) {
        if (reads_our_certificates(decoder)) { decoders[count++] = *decoder; }
    }
}

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache) {
    (void)context;
    switch (operation) {
    case OSSL_OP_ENCODER:
    case OSSL_OP_STORE: return NULL;
    case OSSL_OP_DECODER: *no_cache = 0; return decoders;
    default: return OSSL_PROVIDER_query_operation(whole, operation, no_cache);
    }
}

static int get_parameters(void *context, OSSL_PARAM parameters[]) {
    (void)context;
    return OSSL_PROVIDER_get_params(whole, parameters);
}

static int get_capabilities(void *context, const char *name, OSSL_CALLBACK *body, void *argument) {
    (void)context;
    return OSSL_PROVIDER_get_capabilities(whole, name, body, argument);
}

static const OSSL_DISPATCH functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
    {OSSL_FUNC_PROVIDER_GET_PARAMS, (void (*)(void))get_parameters},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))get_capabilities},
    {0, NULL},
};

// The algorithms are the default provider's, so they get its context.
static int start(
    const OSSL_CORE_HANDLE *handle,
    const OSSL_DISPATCH *offered,
    const OSSL_DISPATCH **provided,
    void **context) {
    (void)handle;
    (void)offered;
    *provided = functions;
    *context = OSSL_PROVIDER_get0_provider_ctx(whole);
    return 1;
}

static OSSL_LIB_CTX *lean_library(void) {
    whole = OSSL_PROVIDER_load(NULL, "default");
    if (!whole) { return NULL; }
    choose_decoders();
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    if (library && decoders[0].algorithm_names
        && OSSL_PROVIDER_add_builtin(library, "lean", start)
        && OSSL_PROVIDER_load(library, "lean")) {
        return library;
    }
    OSSL_LIB_CTX_free(library);
    return NULL;
}

struct ssl_ctx_st *swiftlet_dtls_context_create(void) {
    // Without a library context of our own OpenSSL's common one does as well, only slower.
    return SSL_CTX_new_ex(lean_library(), NULL, DTLS_method());
}
