#ifndef SWIFTLET_CLEANOPENSSL_H
#define SWIFTLET_CLEANOPENSSL_H

struct ssl_ctx_st;

// A new SSL_CTX for DTLS whose library context reads certificates quickly; NULL when memory is out.
// To be called once: the library context lives as long as the process.
struct ssl_ctx_st *swiftlet_dtls_context_create(void);

#endif
