/** Source: RFC 7468 section 2. */
const LIST = /-----BEGIN X509 CRL-----[\s\S]+?-----END X509 CRL-----/g

/** The revocation lists of a PEM text, one by one: OpenSSL reads the first of a text and no more. */
export function revocationListsIn(pem: string): string[] {
  return pem.match(LIST) ?? []
}
