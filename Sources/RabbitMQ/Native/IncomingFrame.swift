import CRabbitMQ
import Foundation

/// The content of a received frame, copied out of the connection's buffers.
enum IncomingFrame {
  case connectionClosed(code: UInt16, text: String)
  case blocked(reason: String)
  case unblocked
  case channelClosed(code: UInt16, text: String)
  case consumerCancelled(tag: String, noWait: Bool)
  case content(ContentStart)
  case header(MessageProperties, bodyByteCount: UInt64)
  case body(Data)
  case confirmed(sequence: UInt64, multiple: Bool)
  case refused(sequence: UInt64, multiple: Bool)
  case reply(MethodReply)
  /// A frame that needs no reaction.
  case ignored
}

/// The method that precedes a message's header and body.
enum ContentStart: Equatable {
  case delivery(consumerTag: String, deliveryTag: UInt64, redelivered: Bool, exchange: String, routingKey: String)
  case fetched(deliveryTag: UInt64, redelivered: Bool, exchange: String, routingKey: String, remaining: Int)
  case returned(code: UInt16, text: String)
}

extension IncomingFrame {
  init(_ frame: inout amqp_frame_t) {
    switch Int32(frame.frame_type) {
    case AMQP_FRAME_METHOD: self.init(rabbitmq_frame_method(&frame))
    case AMQP_FRAME_HEADER:
      guard let properties = rabbitmq_frame_properties(&frame) else {
        self = .ignored
        return
      }
      self = .header(MessageProperties(properties.pointee), bodyByteCount: rabbitmq_frame_body_size(&frame))
    case AMQP_FRAME_BODY: self = .body(Data(rabbitmq_frame_body(&frame)))
    default: self = .ignored
    }
  }

  private init(_ method: amqp_method_t) {
    guard let decoded = method.decoded else {
      self = .reply(.done)
      return
    }
    func fields<Fields>(_ type: Fields.Type) -> Fields { decoded.assumingMemoryBound(to: type).pointee }

    switch method.id {
    case IncomingMethodID.basicDeliver:
      let deliver = fields(amqp_basic_deliver_t.self)
      self = .content(
        .delivery(
          consumerTag: String(lossy: deliver.consumer_tag), deliveryTag: deliver.delivery_tag,
          redelivered: deliver.redelivered != 0, exchange: String(lossy: deliver.exchange),
          routingKey: String(lossy: deliver.routing_key)))
    case IncomingMethodID.basicAck:
      let ack = fields(amqp_basic_ack_t.self)
      self = .confirmed(sequence: ack.delivery_tag, multiple: ack.multiple != 0)
    case IncomingMethodID.basicNack:
      let nack = fields(amqp_basic_nack_t.self)
      self = .refused(sequence: nack.delivery_tag, multiple: nack.multiple != 0)
    case IncomingMethodID.basicReturn:
      let returned = fields(amqp_basic_return_t.self)
      self = .content(.returned(code: returned.reply_code, text: String(lossy: returned.reply_text)))
    case IncomingMethodID.basicGetOK:
      let fetched = fields(amqp_basic_get_ok_t.self)
      self = .content(
        .fetched(
          deliveryTag: fetched.delivery_tag, redelivered: fetched.redelivered != 0,
          exchange: String(lossy: fetched.exchange), routingKey: String(lossy: fetched.routing_key),
          remaining: Int(fetched.message_count)))
    case IncomingMethodID.basicGetEmpty: self = .reply(.queueIsEmpty)
    case IncomingMethodID.basicCancel:
      let cancel = fields(amqp_basic_cancel_t.self)
      self = .consumerCancelled(tag: String(lossy: cancel.consumer_tag), noWait: cancel.nowait != 0)
    case IncomingMethodID.queueDeclareOK:
      let queue = fields(amqp_queue_declare_ok_t.self)
      self = .reply(
        .queue(
          QueueState(
            name: String(lossy: queue.queue), messageCount: Int(queue.message_count),
            consumerCount: Int(queue.consumer_count))))
    case IncomingMethodID.consumeOK:
      self = .reply(.consumer(String(lossy: fields(amqp_basic_consume_ok_t.self).consumer_tag)))
    case IncomingMethodID.channelClose:
      let close = fields(amqp_channel_close_t.self)
      self = .channelClosed(code: close.reply_code, text: String(lossy: close.reply_text))
    case IncomingMethodID.connectionClose:
      let close = fields(amqp_connection_close_t.self)
      self = .connectionClosed(code: close.reply_code, text: String(lossy: close.reply_text))
    case IncomingMethodID.connectionBlocked:
      self = .blocked(reason: String(lossy: fields(amqp_connection_blocked_t.self).reason))
    case IncomingMethodID.connectionUnblocked: self = .unblocked
    case IncomingMethodID.channelFlow: self = .ignored
    default: self = .reply(.done)
    }
  }
}
