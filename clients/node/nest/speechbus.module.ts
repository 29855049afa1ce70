// Not run with NestJS; see the README.
import { DynamicModule, Inject, Module, OnApplicationShutdown } from "@nestjs/common";
import { ClientOptions, ConnectionSource, SpeechClient } from "@speechbus/client";

/** `SpeechbusModule.forRoot(process.env.SPEECHBUS_AMQP_URL!)`; inject `SpeechClient` then. */
@Module({})
export class SpeechbusModule implements OnApplicationShutdown {
  constructor(@Inject(SpeechClient) private readonly client: SpeechClient) {}

  static forRoot(source: ConnectionSource, options?: ClientOptions): DynamicModule {
    return {
      module: SpeechbusModule,
      global: true,
      providers: [{ provide: SpeechClient, useFactory: () => new SpeechClient(source, options) }],
      exports: [SpeechClient],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
