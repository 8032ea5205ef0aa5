import { createSign, generateKeyPairSync } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  key: string;
  /** PEM; signed by itself, so that it is its own authority. */
  certificate: string;
}

/**
 * A certificate for loopback, made on the spot: P-256, ECDSA with SHA-256, X.509 v3 with the addresses as alternative
 * names. Node can read certificates but not make them, so this writes the few DER structures of RFC 5280 that it needs.
 */
export function createCertificate(name: string, validity: { fromMs: number; toMs: number }): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signature = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const subject = sequence(set(sequence(objectId(0x55, 0x04, 0x03), der(0x0c, Buffer.from(name)))));
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    // basicConstraints, critical: this is an authority.
    extension([0x55, 0x1d, 0x13], true, sequence(der(0x01, Buffer.from([0xff])))),
    // keyUsage, critical: digitalSignature and keyCertSign.
    extension([0x55, 0x1d, 0x0f], true, der(0x03, Buffer.from([0x02, 0x84]))),
    // extKeyUsage: serverAuth.
    extension([0x55, 0x1d, 0x25], false, sequence(objectId(0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01))),
    extension([0x55, 0x1d, 0x11], false, names),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    signature,
    subject,
    sequence(time(validity.fromMs), time(validity.toMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signed = createSign('sha256').update(body).sign(privateKey);
  const certificate = sequence(body, signature, der(0x03, Buffer.concat([Buffer.from([0]), signed])));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${(certificate.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]) => der(0x31, Buffer.concat(parts));
const objectId = (...bytes: number[]) => der(0x06, Buffer.from(bytes));

function extension(id: number[], critical: boolean, value: Buffer): Buffer {
  const mark = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectId(...id), ...mark, der(0x04, value));
}

/** UTCTime, which reaches until 2049. */
function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}
