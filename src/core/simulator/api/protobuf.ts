import { encodeMessage, messageTypeOf } from '../../kube/projectors/index.ts';
import type { ProtobufCodec } from './encoding.ts';

/** Protobuf for every built-in kind that has a message, from the same tables as the product's own decoder. */
export const kubernetesProtobuf: ProtobufCodec = {
  encode(apiVersion, kind, object) {
    const slash = apiVersion.indexOf('/');
    const type = messageTypeOf(slash < 0 ? '' : apiVersion.slice(0, slash), apiVersion.slice(slash + 1), kind);
    return type === undefined ? undefined : encodeMessage(type, object);
  },
};
